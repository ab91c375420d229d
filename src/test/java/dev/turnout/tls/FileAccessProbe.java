package dev.turnout.tls;

import java.io.IOException;
import java.nio.file.Path;

/** Tells why this user can't read a file. Run as a process of another user. */
final class FileAccessProbe {

    private FileAccessProbe() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        try {
            PairFiles.bounded(file);
            System.out.println("readable");
        } catch (IOException e) {
            System.out.println(FileAccess.explain(file, e).english());
        }
    }
}
