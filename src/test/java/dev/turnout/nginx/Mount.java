package dev.turnout.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own over a folder, so that it can be full or read-only. What the folder held is copied into it. */
final class Mount implements AutoCloseable {

    private final Path folder;

    private Mount(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where mounting is not allowed; fails it if the environment requires every test. */
    static Mount over(Path folder) throws IOException, InterruptedException {
        Path include = folder.resolve("service-url.inc");
        byte[] content = Files.readAllBytes(include);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.toString());
        if (!"1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            Assumptions.assumeTrue(mounted, "mounting takes root");
        } else if (!mounted) {
            throw new AssertionError("a tmpfs could not be mounted");
        }
        Files.write(include, content);
        return new Mount(folder);
    }

    void readOnly() throws IOException, InterruptedException {
        run("mount", "-o", "remount,ro", folder.toString());
    }

    void writable() throws IOException, InterruptedException {
        run("mount", "-o", "remount,rw", folder.toString());
    }

    /** Leaves not one free byte. */
    void fill() throws IOException {
        Path filler = folder.resolve("filler");
        try {
            for (int size = 4096; ; size += 4096) {
                Files.write(filler, new byte[size]);
            }
        } catch (IOException full) {
            return;
        }
    }

    void makeRoom() throws IOException {
        Files.delete(folder.resolve("filler"));
    }

    private static boolean run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", "-l", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
