package dev.turnout.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Small files of the system below a folder: {@code /} on a real machine. All methods block.
 *
 * @param root the folder
 */
record SystemFiles(Path root) {

    private static final int MOST_BYTES = 256 << 10;

    /** Returns the text of a file; empty if the file is missing or can't be read. */
    Optional<String> text(String file) {
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the number that a file holds; empty if the file is missing or holds something else. */
    OptionalLong number(String file) {
        return text(file)
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElseGet(OptionalLong::empty);
    }
}
