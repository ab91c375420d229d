package dev.turnout.cli;

import dev.turnout.text.Language;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A run of the command line within this process.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it printed on standard error
 */
record CommandRun(int exit, String out, String err) {

    /** The output of a pipe, in English. */
    static CommandRun of(String... arguments) {
        return in(Language.ENGLISH, false, false, Map.of("USER", "minji"), arguments);
    }

    static CommandRun in(Language language, String... arguments) {
        return in(language, false, false, Map.of("USER", "minji"), arguments);
    }

    static CommandRun in(
            Language language,
            boolean isLive,
            boolean hasColour,
            Map<String, String> environment,
            String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isLive,
                hasColour,
                100);
        int exit = new CommandLineProgram(new Session(terminal, language, environment)).run(List.of(arguments));
        return new CommandRun(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
