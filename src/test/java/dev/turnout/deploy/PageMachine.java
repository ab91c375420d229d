package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.support.ApiTools;
import dev.turnout.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
    static PageMachine withPackage() throws IOException, InterruptedException {
        PageMachine machine = start(List.of(installed().toString()));
        machine.put("/root/app.jar", TinyApplication.jar("1.0"));
        return machine;
    }

    /** Returns what an installation writes, as a layer. The first test of a build that asks for it makes it. */
    private static Path installed() throws IOException, InterruptedException {
        Path built = DebianPackage.tested();
        Path target = Path.of("target").toAbsolutePath();
        Path layer = target.resolve(
                "page-machine-" + Files.getLastModifiedTime(built).toMillis());
        try (FileChannel lock = FileChannel.open(
                        target.resolve("page-machine.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            if (held.isValid() && !Files.exists(layer)) {
                ApiTools.run(target, List.of("sh", "-c", "rm -rf page-machine-*"));
                Path unfinished = Files.createTempDirectory(target, "page-machine-");
                try (PageMachine machine = start()) {
                    machine.put("/root/turnout.deb", Files.readAllBytes(built));
                    // Which packages bring a JVM is not asked: the one of this test need not be Debian's.
                    machine.run("dpkg --force-depends --install turnout.deb && rm turnout.deb")
                            .succeeds();
                    ApiTools.run(unfinished, List.of("cp", "-a", machine.layer() + "/.", "."));
                }
                Files.move(unfinished, layer, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return layer;
    }

    /** Starts one; skips the test where that is not allowed. */
    static PageMachine start() throws IOException {
        return start(List.of());
    }

    private static PageMachine start(List<String> layer) throws IOException {
        Path folder = Files.createTempDirectory("turnout-page");
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--net",
                "--fork",
                "--kill-child",
                "--",
                RESOURCES.resolve("boot").toString(),
                folder.toString()));
        command.addAll(layer);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        assumeTrue("ready".equals(line), "no namespaces here: " + line);
        long inside = process.children().findFirst().orElseThrow().pid();
        return new PageMachine(process, inside, folder.resolve("root"));
    }

    /**
     * Joins machines by a network: the first one has the address 10.0.0.1, and so on. The network ends with the first one.
     */
    static void connect(List<PageMachine> machines) throws IOException, InterruptedException {
        PageMachine first = machines.get(0);
        first.run("ip link add eth0 type bridge && ip addr add 10.0.0.1/24 dev eth0 && ip link set eth0 up")
                .succeeds();
        for (int i = 1; i < machines.size(); i++) {
            PageMachine machine = machines.get(i);
            // The number of a process has to be one outside.
            ApiTools.run(
                    Path.of("/"),
                    List.of(
                            "nsenter",
                            "--target=" + first.inside,
                            "--net",
                            "sh",
                            "-c",
                            "ip link add to" + i + " type veth peer name eth0 netns " + machine.inside
                                    + " && ip link set to" + i + " master eth0 up"));
            machine.run("ip addr add 10.0.0." + (i + 1) + "/24 dev eth0 && ip link set eth0 up")
                    .succeeds();
        }
    }

    /** Lets later commands run in a folder of the machine. */
    PageMachine in(String folder) {
        workingFolder = folder;
        return this;
    }

    /** Writes a file of the machine. */
    void put(String path, byte[] content) throws IOException {
        Path file = outside(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    void put(String path, String content) throws IOException {
        put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    String read(String path) throws IOException {
        return Files.readString(outside(path));
    }

    private Path layer() {
        return Path.of("/proc/" + inside + "/root" + root.resolveSibling("layer"));
    }

    /** Returns a file of the machine, as this process sees it. */
    Path outside(String path) {
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
            boolean ended = process.waitFor(Await.LONG_PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
