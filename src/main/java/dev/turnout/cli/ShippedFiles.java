package dev.turnout.cli;

import dev.turnout.text.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import picocli.AutoComplete;

/** The files that a package has beside the program, made from the words: completion and manual pages. For the build. */
final class ShippedFiles {

    private ShippedFiles() {}

    /**
     * Writes the files.
     *
     * @param arguments the folder to write to
     */
    public static void main(String... arguments) throws IOException {
        write(Path.of(arguments[0]));
    }

    /** Writes the files into a folder. */
    static void write(Path folder) throws IOException {
        String completion =
                AutoComplete.bash(Words.PROGRAM, Words.all(Language.ENGLISH)).replaceFirst("^#!.*\n", "");
        write(folder.resolve("bash").resolve(Words.PROGRAM), completion);
        write(folder.resolve("zsh").resolve("_" + Words.PROGRAM), zsh(completion));
        write(folder.resolve("man").resolve("turnout.1"), ManualPage.in(Language.ENGLISH));
        write(folder.resolve("man").resolve("ko").resolve("turnout.1"), ManualPage.in(Language.KOREAN));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    /** Returns the completion of bash as a function that zsh loads when it is asked for, and calls at once. */
    private static String zsh(String bash) {
        return "#compdef " + Words.PROGRAM + "\n\n" + bash + "\n_bash_complete -o default -F _complete_" + Words.PROGRAM
                + "\n";
    }
}
