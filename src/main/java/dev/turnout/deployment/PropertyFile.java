package dev.turnout.deployment;

import dev.turnout.store.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Small private files of names and values, which are replaced as a whole. */
final class PropertyFile {

    /** More than any of Turnout's own files has; a larger file was not written by Turnout. Bytes. */
    private static final long MOST = 64 * 1024;

    private PropertyFile() {}

    /** Reads a file; empty if the file is missing, or can't be a file of Turnout's. */
    static Optional<Properties> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST) {
                return Optional.empty();
            }
            Properties properties = new Properties();
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            }
            return Optional.of(properties);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Changes values of a file. The file is made if it is missing. */
    static void change(Path file, Consumer<Map<String, String>> change) throws IOException {
        Map<String, String> values = new TreeMap<>();
        read(file).ifPresent(old -> old.stringPropertyNames().forEach(name -> values.put(name, old.getProperty(name))));
        change.accept(values);
        write(file, values);
    }

    static void write(Path file, Map<String, String> values) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        properties.store(out, null);
        new AtomicFile(file, file.resolveSibling("." + file.getFileName() + ".new"), AtomicFile.Ownership.PRIVATE)
                .replace(out.toByteArray());
    }
}
