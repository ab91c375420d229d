package dev.turnout.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file that comes with the program. A native executable holds what application.properties names. Any thread. */
final class PackagedFile {

    private PackagedFile() {}

    /**
     * Reads a file. Blocks.
     *
     * @param path begins with a slash
     */
    static byte[] read(String path) {
        try (InputStream file = PackagedFile.class.getResourceAsStream(path)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
