package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.ApiTools;
import dev.turnout.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A process of gRPC's own Java implementation, {@code src/test/grpc/GrpcInterop.java}: a server, or a client that goes on
 * until it is told to stop. Its class path is apart from Turnout's, which has another version of Netty.
 */
final class GrpcProgram implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/test/grpc/GrpcInterop.java");
    private static final Path FOLDER = Path.of("target/grpc-interop");
    private static final Path LIBRARIES = FOLDER.resolve("lib");
    private static final Path CLASSES = FOLDER.resolve("classes");
    private static final Duration START = Duration.ofSeconds(120);
    private static final long END_SECONDS = 60;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private GrpcProgram(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of gRPC " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Compiles the program. A test without gRPC's libraries is skipped, or fails with {@code TURNOUT_REQUIRE_ALL=1}. */
    static void compile() throws IOException, InterruptedException {
        boolean isInstalled = Files.isDirectory(LIBRARIES);
        String missing = "not installed: Maven's io.grpc:grpc-interop-testing, at " + LIBRARIES;
        if (!isInstalled && "1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            throw new AssertionError(missing);
        }
        Assumptions.assumeTrue(isInstalled, missing);
        Files.createDirectories(CLASSES);
        ApiTools.run(
                Path.of("."),
                List.of(jdk("javac"), "-d", CLASSES.toString(), "-cp", LIBRARIES + "/*", SOURCE.toString()));
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** Starts it, and does not wait for it. */
    static GrpcProgram launch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                jdk("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                CLASSES + ":" + LIBRARIES + "/*",
                "GrpcInterop"));
        command.addAll(List.of(arguments));
        return new GrpcProgram(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits until it serves, or until its first calls have been answered. */
    GrpcProgram awaitReady() {
        Await.until(() -> "ready: " + lines, START, () -> lines.contains("ready") || !process.isAlive());
        assertThat(process.isAlive()).as("it runs: %s", lines).isTrue();
        return this;
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(output lost: " + e + ")");
        }
    }

    /** Gives it a line of input, waits until it is done, and returns what it has said to it. */
    List<String> tell(String line) throws IOException {
        int before = lines.size();
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        String done = "done " + line;
        Await.until(
                () -> line + ": " + since(before), START, () -> since(before).contains(done));
        List<String> said = since(before);
        return said.subList(0, said.indexOf(done));
    }

    private List<String> since(int line) {
        List<String> all = List.copyOf(lines);
        return all.subList(line, all.size());
    }

    /** Tells it to stop, and returns all that it has said. */
    List<String> stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS))
                .as("its end: %s", lines)
                .isTrue();
        reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
