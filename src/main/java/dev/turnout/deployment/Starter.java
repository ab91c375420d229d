package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import dev.turnout.routing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a version on a target of this machine. A process gets a session of its own, so that it outlives the command and
 * the terminal; its output goes to a log.
 */
final class Starter {

    private final DeployFolder folder;
    private final ProcessTable processes;
    private final Systemd systemd;
    private final JarCopies copies;

    Starter(DeployFolder folder, ProcessTable processes, Systemd systemd, JarCopies copies) {
        this.folder = folder;
        this.processes = processes;
        this.systemd = systemd;
        this.copies = copies;
    }

    /** Starts a version. The result may have ended already. Blocks. */
    Instance start(String service, Target target, DeployOrder order) throws IOException, DeploymentFailed {
        Optional<Path> copy = order.jar().isPresent()
                ? Optional.of(copies.copy(order.jar().get(), target.tcp().port(), order.launch()))
                : Optional.empty();
        return order.launch() instanceof Launch.SystemdUnit unit
                ? startUnit(service, target, order, unit)
                : startProcess(service, target, order, copy);
    }

    private Instance startUnit(String service, Target target, DeployOrder order, Launch.SystemdUnit unit)
            throws DeploymentFailed {
        String name = Systemd.unit(unit.name(), target.tcp().port());
        Optional<String> fault = systemd.start(name);
        if (fault.isPresent()) {
            // A unit with Restart= is started again and again otherwise.
            systemd.stop(name);
            throw new DeploymentFailed(
                    DeploymentFailed.FAILED,
                    "systemctl start " + name + " failed: " + fault.get(),
                    "systemctl start " + name + " 실패: " + fault.get());
        }
        return Instance.ofUnit(target.tcp().port(), service, order.build().version(), name);
    }

    private Instance startProcess(String service, Target target, DeployOrder order, Optional<Path> copy)
            throws IOException {
        Path log = newLog(target.tcp().port());
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(words(target, order, copy));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(order.folder().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        ChildEnvironment.clean(builder.environment());
        long pid = builder.start().pid();
        RunningProcess process = processes
                .find(pid)
                .orElseGet(() -> new RunningProcess(pid, 0, pid, DeployFolder.user(), "", List.of()));
        return Instance.ofProcess(target.tcp().port(), service, order.build().version(), process);
    }

    private static List<String> words(Target target, DeployOrder order, Optional<Path> copy) {
        if (order.launch() instanceof Launch.OwnCommand command) {
            return Placeholders.fill(
                    command.words().words(),
                    target,
                    copy.map(Path::toString),
                    order.build().version());
        }
        List<String> words =
                new ArrayList<>(List.of(order.java().map(JavaProgram::path).orElse("java")));
        if (order.launch() instanceof Launch.PlainJava java) {
            words.addAll(java.options());
        }
        words.addAll(List.of(
                "-Dserver.port=" + target.tcp().port(),
                "-jar",
                copy.map(Path::toString).orElse("")));
        return words;
    }

    private Path newLog(int port) throws IOException {
        Path log = folder.log(port);
        if (Files.exists(log)) {
            Files.move(log, folder.logBefore(port), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return log;
    }
}
