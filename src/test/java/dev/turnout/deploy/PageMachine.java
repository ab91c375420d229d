package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine on which the commands of a page run as they stand there: this machine's programs, with files, processes and a
 * network of its own. All ports are free, nothing reaches this machine, and nothing is left. It takes root's powers.
 */
final class PageMachine implements AutoCloseable {

    private static final Path RESOURCES =
            Path.of("src", "test", "resources", "page-machine").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;

    private final Process namespaces;
    private final long inside;
    private final Path root;
    private String workingFolder = "/root";

    private PageMachine(Process namespaces, long inside, Path root) {
        this.namespaces = namespaces;
        this.inside = inside;
        this.root = root;
    }

    /** What a command said, both outputs in one, and how it ended. */
    record Run(String command, int exitCode, String output) {

        Run succeeds() {
            assertThat(exitCode).as("%s%n%s", command, output).isZero();
            return this;
        }
    }

    /** Starts one with the Debian package installed, Turnout stopped, and an application as {@code app.jar}. */
    static PageMachine withPackage() throws IOException {
        PageMachine machine = start();
        machine.put("/root/turnout_0.1.0_all.deb", debBytes());
        machine.put("/root/app.jar", TinyApplication.jar("1.0"));
        // Which packages bring a JVM is not asked: the one of this test need not be Debian's. An archive for a fast
        // start
        // takes longer to make than it saves here.
        machine.run("dpkg --force-depends --unpack turnout_0.1.0_all.deb && chmod -x /usr/lib/turnout/train.sh "
                        + "&& dpkg --force-depends --configure turnout")
                .succeeds();
        return machine;
    }

    /** Starts one; skips the test where that is not allowed. */
    static PageMachine start() throws IOException {
        Path folder = Files.createTempDirectory("turnout-page");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--pid",
                        "--net",
                        "--fork",
                        "--kill-child",
                        "--",
                        RESOURCES.resolve("boot").toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        assumeTrue("ready".equals(line), "no namespaces here: " + line);
        long inside = process.children().findFirst().orElseThrow().pid();
        return new PageMachine(process, inside, folder.resolve("root"));
    }

    /** Returns the Debian package that the build has made. */
    static byte[] debBytes() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("target"), "turnout_*.deb")) {
            return Files.readAllBytes(found.iterator().next());
        }
    }

    /** Lets later commands run in a folder of the machine. */
    PageMachine in(String folder) {
        workingFolder = folder;
        return this;
    }

    /** Writes a file of the machine. */
    void put(String path, byte[] content) throws IOException {
        Path file = seenFromOutside(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    void put(String path, String content) throws IOException {
        put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    String read(String path) throws IOException {
        return Files.readString(seenFromOutside(path));
    }

    private Path seenFromOutside(String path) {
        return Path.of("/proc/" + inside + "/root" + root + path);
    }

    /** Runs lines of shell, as root in a login shell, until one of them fails. */
    Run run(String script) {
        try {
            Path output = Files.createTempFile("turnout", "output");
            Process process = new ProcessBuilder(command(script))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            Files.delete(output);
            if (!ended) {
                process.destroyForcibly();
                throw new AssertionError(script + " did not end:\n" + said);
            }
            return new Run(script, process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private List<String> command(String script) {
        return new ArrayList<>(List.of(
                "nsenter",
                "--target=" + inside,
                "--mount",
                "--pid",
                "--net",
                "chroot",
                root.toString(),
                "env",
                "-i",
                "--chdir=" + workingFolder,
                "HOME=/root",
                "LANG=C.UTF-8",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "bash",
                "-euo",
                "pipefail",
                "-c",
                script));
    }

    @Override
    public void close() {
        namespaces.destroyForcibly();
        try {
            namespaces.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        root.getParent().toFile().delete();
    }
}
