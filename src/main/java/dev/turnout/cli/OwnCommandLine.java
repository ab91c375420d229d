package dev.turnout.cli;

import dev.turnout.config.Executable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of this process, as the system has it. */
public final class OwnCommandLine {

    private static final String JAR = "-jar";
    private static final Path SELF = Path.of("/proc/self");

    private OwnCommandLine() {}

    /**
     * Returns the arguments of the program. An executable takes away all arguments that begin with {@code -D}, also those
     * that belong to an option of a word: they come from the system then.
     *
     * @param given to the main method
     */
    public static List<String> arguments(String... given) {
        try {
            List<String> words = Executable.isThis() ? words() : List.of();
            return words.isEmpty() ? List.of(given) : words.subList(1, words.size());
        } catch (IOException e) {
            return List.of(given);
        }
    }

    /** Returns the words that start this program in any folder, without its arguments. */
    static List<String> program() {
        try {
            if (Executable.isThis()) {
                return List.of(Files.readSymbolicLink(SELF.resolve("exe")).toString());
            }
            List<String> words = words();
            int jar = words.indexOf(JAR);
            List<String> program = new ArrayList<>(words.subList(0, jar + 1));
            program.add(Path.of(words.get(jar + 1)).toAbsolutePath().toString());
            return program;
        } catch (IOException | IndexOutOfBoundsException e) {
            return List.of(Words.PROGRAM);
        }
    }

    private static List<String> words() throws IOException {
        String line = new String(Files.readAllBytes(SELF.resolve("cmdline")), StandardCharsets.UTF_8);
        return line.isEmpty()
                ? List.of()
                : List.of(line.substring(0, line.length() - 1).split("\0", -1));
    }
}
