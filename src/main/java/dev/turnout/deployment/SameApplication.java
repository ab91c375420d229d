package dev.turnout.deployment;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The decision whether a process that others have started is the application that is deployed now. Its command line is
 * compared, and the jar that it was started from. Blocks.
 */
final class SameApplication {

    private final DeployFolder folder;
    private final ProcessTable processes;

    SameApplication(DeployFolder folder, ProcessTable processes) {
        this.folder = folder;
        this.processes = processes;
    }

    /** The reason to take a process for the application. */
    record Sign(String english, String korean) {}

    /** Returns why a process is the application; empty if it is not known to be. */
    Optional<Sign> sign(RunningProcess process, int port, DeployOrder order) {
        if (order.launch() instanceof Launch.OwnCommand command && isCommand(process.command(), command, port)) {
            return Optional.of(new Sign("it runs the same command", "같은 명령으로 실행 중"));
        }
        return process.jar()
                .map(name -> processes
                        .folder(process)
                        .orElse(folder.root())
                        .resolve(name)
                        .normalize())
                .flatMap(jar -> sign(jar, process.command(), port, order));
    }

    private Optional<Sign> sign(Path jar, List<String> command, int port, DeployOrder order) {
        boolean isCopy = String.valueOf(jar.getFileName()).equals(port + ".jar") && namesPort(command, port);
        if (isCopy) {
            return Optional.of(new Sign("it runs the copy " + jar, "복사본 " + jar + "을(를) 실행 중"));
        }
        if (order.jar().isPresent() && isSameFile(jar, order.jar().get())) {
            return Optional.of(new Sign("it runs the same jar, " + jar, "같은 jar " + jar + "을(를) 실행 중"));
        }
        if (isSameProgram(jar, order)) {
            return Optional.of(new Sign("its jar " + jar + " has the same main class", "jar " + jar + "의 메인 클래스가 같음"));
        }
        boolean isSameName = order.build()
                .file()
                .filter(file -> withoutVersion(file).equals(withoutVersion(String.valueOf(jar.getFileName()))))
                .isPresent();
        return isSameName
                ? Optional.of(new Sign("its jar " + jar + " has the same name", "jar " + jar + "의 이름이 같음"))
                : Optional.empty();
    }

    private static boolean isSameFile(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.equals(other.toAbsolutePath().normalize());
        }
    }

    private static boolean isSameProgram(Path jar, DeployOrder order) {
        Optional<JarFacts> running = JarInspection.ifSound(jar);
        return running.isPresent()
                && order.jar()
                        .flatMap(JarInspection::ifSound)
                        .filter(running.get()::isSameApplication)
                        .isPresent();
    }

    /** Returns {@code shop.jar} for {@code shop-1.4.2.jar}. */
    static String withoutVersion(String file) {
        return file.replaceFirst("[-_.]v?[0-9][A-Za-z0-9._+-]*\\.jar$", ".jar");
    }

    /** Returns true if a word of a command line gives the port to the application. */
    static boolean namesPort(List<String> command, int port) {
        return command.stream()
                .anyMatch(word ->
                        word.equals(String.valueOf(port)) || word.endsWith("=" + port) || word.endsWith(":" + port));
    }

    /** A script's own command line begins with its interpreter. */
    private static boolean isCommand(List<String> running, Launch.OwnCommand command, int port) {
        List<String> words = command.words().words();
        int extra = running.size() - words.size();
        if (extra < 0 || extra > 2) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).replace("{port}", String.valueOf(port));
            String actual = running.get(i + extra);
            boolean isVariable = word.contains("{");
            if (!isVariable && !word.equals(actual) && !(i == 0 && actual.endsWith("/" + word))) {
                return false;
            }
        }
        return words.stream().anyMatch(word -> word.contains("{port}"));
    }
}
