package dev.turnout.config;

import java.util.List;
import java.util.Optional;

/**
 * A process of this machine. Process id and start together are the identity: the system gives the id to another process
 * later.
 *
 * @param pid the process id
 * @param started when the process was started, in ticks of the kernel's clock
 * @param session the id of the process that leads the session
 * @param user the id of the user whom the process belongs to
 * @param name the program's name, at most 15 characters
 * @param command the words of the command line; empty if the system does not show them
 */
public record RunningProcess(long pid, long started, long session, int user, String name, List<String> command) {

    public RunningProcess {
        command = List.copyOf(command);
    }

    /**
     * Returns the jar of a java command, as the command line has it; empty if the process runs another thing. Options of the
     * JVM may stand between {@code -jar} and the jar.
     */
    public Optional<String> jar() {
        int option = command.indexOf("-jar");
        return option < 0
                ? Optional.empty()
                : command.stream()
                        .skip(option + 1L)
                        .filter(word -> !word.startsWith("-"))
                        .findFirst();
    }
}
