package dev.turnout.deploy;

import dev.turnout.support.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of a script in {@code deploy}, or of the command, as an operator starts it in a shell. */
final class DeployScript implements AutoCloseable {

    static final Path SAMPLE_APP =
            Path.of("deploy", "sample-app", "target", "sample-app.jar").toAbsolutePath();
    /** What the scripts send; nothing that they start may know it. */
    static final String TOKEN = "a-token-of-these-tests";

    private static final Pattern GOES_TO = Pattern.compile(" goes to (\\S+:[0-9]+), ");
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m ";
    private static final Duration PATIENCE = Await.LONG_PATIENCE;

    private final Process process;
    private final Thread reader;
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** A line that it printed, and when: {@link System#nanoTime()}. */
    record Line(String text, long nanos) {}

    private DeployScript(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of script " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the deployment of the sample application.
     *
     * @param run the folder of pid files and logs
     * @param application what makes this version special, as {@code -Dapp.version=2}
     */
    static DeployScript deploy(URI admin, Path run, String application, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("--admin", admin.toString(), "--java-opts", QUICK_START + application, "--stop-timeout", "5"));
        arguments.addAll(List.of(options));
        arguments.add(SAMPLE_APP.toString());
        return start("deploy.sh", run, arguments);
    }

    /** Starts a script with exactly these arguments. */
    static DeployScript start(String script, Path run, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of("bash", Path.of("deploy", script).toAbsolutePath().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TURNOUT_RUN", run.toString());
        builder.environment().put("TURNOUT_ADMIN_TOKEN", TOKEN);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            return new DeployScript(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the command {@code turnout} itself.
     *
     * @param folder the working directory
     * @param prefix words before the program, such as {@code setpriv}
     * @param environment what is added to the environment of these tests
     */
    static DeployScript turnout(
            Path folder, List<String> prefix, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Optional.ofNullable(System.getenv("TURNOUT_BINARY"))
                .map(Path::of)
                .orElse(Path.of("target", "turnout", "turnout"))
                .toAbsolutePath()
                .toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TURNOUT_ADMIN_TOKEN", TOKEN);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        try {
            return new DeployScript(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed a line that contains the text. */
    Line awaitLine(String text) {
        Await.until(() -> "a line with \"" + text + "\" in\n" + output(), PATIENCE, () -> hasLine(text) || !isAlive());
        return line(text);
    }

    /** The first line that contains the text. */
    Line line(String text) {
        return lines.stream()
                .filter(line -> line.text().contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line with \"" + text + "\" in\n" + output()));
    }

    /** Waits until it has ended, and returns its exit code. */
    int exitCode() {
        Await.until(() -> "the end of the script after\n" + output(), PATIENCE, () -> !isAlive());
        return process.exitValue();
    }

    /** Where it wanted to start the new version. */
    String newTarget() {
        Matcher matcher = GOES_TO.matcher(line(" goes to ").text());
        if (!matcher.find()) {
            throw new AssertionError(output());
        }
        return matcher.group(1);
    }

    /** Everything it has printed so far. */
    String output() {
        StringBuilder output = new StringBuilder();
        lines.forEach(line -> output.append(line.text()).append('\n'));
        return output.toString();
    }

    /** Types a line. */
    void answer(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGINT, as Ctrl-C does. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends SIGTERM and does not wait. */
    void terminate() {
        // Process.destroy() would close its output as well.
        process.toHandle().destroy();
    }

    /** Closes the pipe that it prints to. */
    void stopReading() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private boolean hasLine(String text) {
        return lines.stream().anyMatch(line -> line.text().contains(text));
    }

    private boolean isAlive() {
        return process.isAlive() || reader.isAlive();
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(new Line(line, System.nanoTime()));
            }
        } catch (IOException e) {
            lines.add(new Line("(no longer read: " + e.getMessage() + ")", System.nanoTime()));
        }
    }
}
