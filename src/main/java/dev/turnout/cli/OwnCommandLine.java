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
    private static final String SETTING = "-D";
    private static final String OPTION_OF_JVM = "-X";
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

    /** Returns the arguments before the first word: settings such as {@code -Dturnout.admin.port=9001}, and options of a JVM. */
    public static List<String> settings(List<String> arguments) {
        return arguments.stream()
                .takeWhile(argument -> argument.startsWith(SETTING) || argument.startsWith(OPTION_OF_JVM))
                .toList();
    }

    /** Returns what starts this program in any folder with the same settings, without its words. */
    static List<String> program() {
        try {
            return Executable.isThis()
                    ? executable(Files.readSymbolicLink(SELF.resolve("exe")), words())
                    : jar(words());
        } catch (IOException | IndexOutOfBoundsException e) {
            return List.of(Words.PROGRAM);
        }
    }

    /** @param words the whole command line */
    static List<String> executable(Path file, List<String> words) {
        List<String> program = new ArrayList<>(List.of(file.toString()));
        program.addAll(settings(words.subList(1, words.size())));
        return program;
    }

    /** @param words the whole command line */
    static List<String> jar(List<String> words) {
        int jar = words.indexOf(JAR);
        List<String> program = new ArrayList<>(words.subList(0, jar + 1));
        program.add(Path.of(words.get(jar + 1)).toAbsolutePath().toString());
        program.addAll(settings(words.subList(jar + 2, words.size())));
        return program;
    }

    private static List<String> words() throws IOException {
        String line = new String(Files.readAllBytes(SELF.resolve("cmdline")), StandardCharsets.UTF_8);
        return line.isEmpty()
                ? List.of()
                : List.of(line.substring(0, line.length() - 1).split("\0", -1));
    }
}
