package dev.turnout.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with files as a machine has them below its root. */
final class SystemTree {

    private final Path root;

    SystemTree(Path root) {
        this.root = root;
    }

    SystemTree with(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return this;
    }

    SystemFiles files() {
        return new SystemFiles(root);
    }

    Units units() {
        return new Units(files());
    }
}
