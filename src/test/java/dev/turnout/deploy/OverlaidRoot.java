package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.Await;
import dev.turnout.support.TestFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This machine's root with a layer over it: what is done in it, an installation for instance, is seen in it only. It takes
 * root's powers.
 */
final class OverlaidRoot implements AutoCloseable {

    private final TestFolder folder;
    private final Path root;

    private OverlaidRoot(TestFolder folder) {
        this.folder = folder;
        this.root = folder.path().resolve("root");
    }

    /** Lays it over this machine's root; skips the test where that is not allowed. */
    static OverlaidRoot mount() throws IOException {
        // A layer can't lie on a layer, as target/ may in a container: memory can hold one everywhere.
        OverlaidRoot overlaid = new OverlaidRoot(TestFolder.create("turnout-root"));
        boolean mounted = overlaid.here(
                                        "mount",
                                        "-t",
                                        "tmpfs",
                                        "tmpfs",
                                        overlaid.folder.path().toString())
                                .exitCode()
                        == 0
                && overlaid.lay();
        if (!mounted) {
            overlaid.close();
        }
        assumeTrue(mounted, "may not lay a file system over the root here");
        // Else dpkg makes the database of all manual pages once more, in ten seconds of a core.
        Files.deleteIfExists(overlaid.path("/var/lib/man-db/auto-update"));
        return overlaid;
    }

    private boolean lay() throws IOException {
        for (String name : List.of("root", "layer", "work")) {
            Files.createDirectory(folder.path().resolve(name));
        }
        Path place = folder.path();
        String options = "lowerdir=/,upperdir=" + place.resolve("layer") + ",workdir=" + place.resolve("work");
        return here("mount", "-t", "overlay", "overlay", "-o", options, root.toString())
                                .exitCode()
                        == 0
                && here("mount", "-t", "proc", "proc", path("/proc").toString()).exitCode() == 0
                && here("mount", "--bind", "/dev", path("/dev").toString()).exitCode() == 0;
    }

    /** A path within it, as seen from outside. */
    Path path(String path) {
        return root.resolve(path.substring(1));
    }

    /** What a command said and how it ended. */
    record Run(int exitCode, String output) {

        Run succeeds() {
            assertThat(exitCode).as(output).isZero();
            return this;
        }
    }

    /** Runs a command within it. */
    Run run(String... command) {
        return here(Stream.concat(Stream.of("chroot", root.toString()), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Starts a command within it, which writes to a file. */
    Process start(Path output, String... command) throws IOException {
        return new ProcessBuilder(Stream.concat(Stream.of("chroot", root.toString()), Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private Run here(String... command) {
        try {
            Path output = Files.createTempFile("turnout", "output");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(Await.LONG_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end:\n" + said);
            }
            return new Run(process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Everything in it that has been made, changed or deleted, but for what is in some folders. */
    Set<String> changes(String... without) throws IOException {
        Path layer = folder.path().resolve("layer");
        try (Stream<Path> paths = Files.walk(layer)) {
            return paths.filter(path -> !Files.isDirectory(path))
                    .map(path -> "/" + layer.relativize(path))
                    .filter(path -> Stream.of(without).noneMatch(path::startsWith))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Override
    public void close() {
        // A program that is being killed in it keeps what it uses, until it is gone.
        here("umount", "--recursive", "--lazy", folder.path().toString());
        folder.close();
    }
}
