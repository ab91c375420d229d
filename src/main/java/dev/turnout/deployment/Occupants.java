package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out who is at a port of this machine. Blocks. */
final class Occupants {

    private final DeployFolder folder;
    private final ProcessTable processes;
    private final Systemd systemd;
    private final Stopper stopper;

    Occupants(DeployFolder folder, ProcessTable processes, Systemd systemd, Stopper stopper) {
        this.folder = folder;
        this.processes = processes;
        this.systemd = systemd;
        this.stopper = stopper;
    }

    /**
     * Returns who is at a port.
     *
     * @param adopts true to take any process there for the application
     */
    Occupant at(int port, String service, DeployOrder order, boolean adopts) {
        Optional<Instance> noted = Instance.read(folder, port).filter(stopper::isRunning);
        if (noted.isPresent()) {
            return new Occupant.Ours(noted.get());
        }
        Optional<ProcessTable.Listener> listener = processes.listener(port);
        if (listener.isEmpty()) {
            return new Occupant.Nobody();
        }
        Optional<RunningProcess> process =
                listener.get().process().or(() -> hidden(port, listener.get().user()));
        return process.map(found -> decide(found, port, service, order, adopts))
                .orElseGet(() -> new Occupant.Stranger(
                        "a process of user " + userName(listener.get().user()),
                        "사용자 " + userName(listener.get().user()) + "의 프로세스",
                        "sudo ss -ltnp 'sport = :" + port + "'"));
    }

    private Occupant decide(RunningProcess process, int port, String service, DeployOrder order, boolean adopts) {
        Optional<String> unit = systemd.unitOf(process);
        if (unit.isPresent()) {
            return ofUnit(unit.get(), process, port, service, order, adopts);
        }
        Instance instance = Instance.ofProcess(port, service, "", process);
        Optional<SameApplication.Sign> sign = new SameApplication(folder, processes).sign(process, port, order);
        if (sign.isPresent()) {
            return new Occupant.SameProgram(
                    instance, sign.get().english(), sign.get().korean());
        }
        return adopts
                ? new Occupant.SameProgram(instance, "--adopt was given", "--adopt 옵션")
                : new Occupant.Stranger(
                        name(process),
                        "프로세스 " + process.pid() + " (" + process.name() + ")",
                        (isOwn(process) ? "kill " : "sudo kill ") + process.pid());
    }

    private static Occupant ofUnit(
            String unit, RunningProcess process, int port, String service, DeployOrder order, boolean adopts) {
        boolean isOfOrder =
                order.launch() instanceof Launch.SystemdUnit own && unit.equals(Systemd.unit(own.name(), port));
        Instance instance = Instance.ofUnit(port, service, "", unit);
        if (isOfOrder) {
            return new Occupant.Ours(instance);
        }
        return adopts
                ? new Occupant.SameProgram(instance, "--adopt was given", "--adopt 옵션")
                : new Occupant.Stranger(
                        name(process) + " of unit " + unit,
                        "유닛 " + unit + "의 프로세스 " + process.pid() + " (" + process.name() + ")",
                        "sudo systemctl disable --now " + unit);
    }

    private static String name(RunningProcess process) {
        return "process " + process.pid() + " (" + process.name() + ")"
                + (isOwn(process) ? "" : " of user " + userName(process.user()));
    }

    private static boolean isOwn(RunningProcess process) {
        return process.user() == DeployFolder.user();
    }

    /** Looks for the process of another user whose command line names the port: its sockets are hidden. */
    private Optional<RunningProcess> hidden(int port, int user) {
        List<RunningProcess> candidates = processes
                .all()
                .filter(process -> process.user() == user && SameApplication.namesPort(process.command(), port))
                .toList();
        return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    static String userName(int id) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8).stream()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields.length > 2 && fields[2].equals(String.valueOf(id)))
                    .map(fields -> fields[0])
                    .findFirst()
                    .orElse(String.valueOf(id));
        } catch (IOException e) {
            return String.valueOf(id);
        }
    }
}
