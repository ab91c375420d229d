package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A small file system over a folder, which can be full or read-only. It holds what the folder held. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts a file system over a folder. Skips the test where mounting is not allowed, or fails it if the environment
     * requires every test.
     *
     * @param size as tmpfs takes it, such as 64k
     */
    public static SmallDisk over(Path folder, String size) throws IOException, InterruptedException {
        Map<Path, byte[]> content = content(folder);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        if (!"1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            Assumptions.assumeTrue(mounted, "mounting takes root");
        } else if (!mounted) {
            throw new AssertionError("a tmpfs could not be mounted");
        }
        for (Map.Entry<Path, byte[]> file : content.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
        return new SmallDisk(folder);
    }

    private static Map<Path, byte[]> content(Path folder) throws IOException {
        Map<Path, byte[]> content = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(file, Files.readAllBytes(file));
            }
        }
        return content;
    }

    /** Returns the folder that it is mounted over. */
    public Path folder() {
        return folder;
    }

    /** Leaves not one free byte. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** Deletes what {@link #fill} has written. */
    public void makeRoom() throws IOException {
        Files.delete(filler());
    }

    /** Returns the file that takes all the room. */
    public Path filler() {
        return folder.resolve("filler");
    }

    public void readOnly() throws InterruptedException {
        mount("-o", "remount,ro", folder.toString());
    }

    public void writable() throws InterruptedException {
        mount("-o", "remount,rw", folder.toString());
    }

    /** Mounts a read-only view of the folder over it. This is allowed while a file is open for writing. */
    public void coverReadOnly() throws InterruptedException {
        mount("--bind", folder.toString(), folder.toString());
        mount("-o", "remount,ro,bind", folder.toString());
    }

    /** Takes the read-only view away. */
    public void uncover() throws InterruptedException {
        assertThat(run("umount", folder.toString())).isTrue();
    }

    private static void mount(String... arguments) throws InterruptedException {
        assertThat(run(Stream.concat(Stream.of("mount"), Stream.of(arguments)).toArray(String[]::new)))
                .as("mount " + List.of(arguments))
                .isTrue();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            run("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
