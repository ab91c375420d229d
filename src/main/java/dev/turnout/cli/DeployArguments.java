package dev.turnout.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * The parameters of the word {@code deploy}.
 *
 * @param jars what stands before {@code --}
 * @param command what stands after {@code --}
 */
record DeployArguments(List<String> jars, List<String> command) {

    private static final String END_OF_OPTIONS = "--";

    static DeployArguments of(ParseResult given) {
        List<String> typed = given.originalArgs();
        int end = typed.indexOf(END_OF_OPTIONS);
        List<String> command = end < 0 ? List.of() : List.copyOf(typed.subList(end + 1, typed.size()));
        List<String> all = given.matchedPositionals().isEmpty()
                ? List.of()
                : given.matchedPositionals().get(0).stringValues();
        return new DeployArguments(List.copyOf(all.subList(0, all.size() - command.size())), command);
    }

    boolean isEmpty() {
        return jars.isEmpty() && command.isEmpty();
    }

    Optional<String> jar() {
        return jars.stream().findFirst();
    }
}
