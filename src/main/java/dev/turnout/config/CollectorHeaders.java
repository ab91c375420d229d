package dev.turnout.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header lines for the collector of spans, which stand in a file. They are secrets: no message shows one. */
public final class CollectorHeaders {

    private static final int MOST_LINES = 16;
    private static final int MOST_BYTES = 16 << 10;

    private CollectorHeaders() {}

    /**
     * Reads the file that a configuration names. Blocks.
     *
     * @return none without a file
     * @throws IllegalStateException if the file can't be used; the message names its key
     */
    public static List<HeaderLine> read(TracingConfig config) {
        Optional<Path> file = config.url().flatMap(url -> config.headersFile());
        return file.isEmpty() ? List.of() : read(file.get());
    }

    /** Returns why the file of a configuration can't be used, in a sentence. Blocks. */
    public static List<String> refusals(TracingConfig config) {
        try {
            read(config);
            return List.of();
        } catch (IllegalStateException e) {
            return List.of(e.getMessage() + ".");
        }
    }

    private static List<HeaderLine> read(Path file) {
        List<HeaderLine> headers = new ArrayList<>();
        int number = 0;
        for (String line : text(file).lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            if (headers.size() == MOST_LINES) {
                throw refused(file, "it has more than " + MOST_LINES + " header lines");
            }
            try {
                headers.add(HeaderLine.parse(line));
            } catch (IllegalArgumentException e) {
                throw refused(file, "line " + number + " is no header line for a collector");
            }
        }
        return List.copyOf(headers);
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw refused(file, "it has more than 16 KiB");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no such file");
        } catch (IOException e) {
            throw refused(file, "it can't be read (" + e + ")");
        }
    }

    private static IllegalStateException refused(Path file, String why) {
        return new IllegalStateException(TracingConfig.HEADERS_FILE.name() + "=" + file + ": " + why);
    }
}
