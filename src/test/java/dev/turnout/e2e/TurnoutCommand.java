package dev.turnout.e2e;

import dev.turnout.support.Await;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A run of the packaged command, as a process of its own. */
final class TurnoutCommand {

    private static final Duration END = Await.LONG_PATIENCE;

    private final Process process;
    private final Path out;
    private final Path err;

    private TurnoutCommand(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The words with which a shell would call the command. */
    static List<String> line(String... words) {
        List<String> line = new ArrayList<>();
        line.add(
                TurnoutProcess.isNative()
                        ? Path.of(System.getenv("TURNOUT_BINARY"))
                                .toAbsolutePath()
                                .toString()
                        : Path.of("target", "turnout", "turnout")
                                .toAbsolutePath()
                                .toString());
        line.addAll(List.of(words));
        return line;
    }

    /**
     * Starts a command line.
     *
     * @param folder that it runs in, and where its output is kept
     * @param variables of its environment, as NAME=VALUE
     */
    static TurnoutCommand start(Path folder, List<String> variables, List<String> line) {
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("TURNOUT_"));
            builder.environment().putAll(Map.of("LANG", "C", "JAVA_HOME", System.getProperty("java.home")));
            // Else the machine's own folder, which the tests of the package expect not to be there.
            builder.environment()
                    .put("TURNOUT_RUN", folder.resolve("deployments").toString());
            variables.forEach(variable ->
                    builder.environment().put(variable.replaceFirst("=.*", ""), variable.replaceFirst("[^=]*=", "")));
            return new TurnoutCommand(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed a text. */
    TurnoutCommand awaitOut(String text) {
        Await.until(() -> "'" + text + "' in: " + out() + err(), END, () -> out().contains(text));
        return this;
    }

    /** Gives it a text on its standard input. */
    TurnoutCommand type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits until it has ended, and returns its exit code. */
    int exit() throws InterruptedException {
        if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end: " + out() + err());
        }
        return process.exitValue();
    }
}
