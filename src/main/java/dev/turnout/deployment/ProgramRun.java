package dev.turnout.deployment;

import dev.turnout.config.DaemonThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The result of a program that ended by itself.
 *
 * @param code the exit code
 * @param output both outputs, their first 64 KiB
 */
record ProgramRun(int code, String output) {

    private static final int MOST = 64 * 1024;

    /** Runs a program to its end. Empty if the program is not there, or does not end in time. Blocks. */
    static Optional<ProgramRun> of(Duration patience, Path folder, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().remove(ChildEnvironment.TOKEN);
            Process process = builder.start();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            Thread reader = DaemonThread.start("output of " + command[0], () -> read(process, output));
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            reader.join(patience.toMillis());
            return Optional.of(new ProgramRun(process.exitValue(), output.toString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    boolean isGood() {
        return code == 0;
    }

    /** Returns the first line of the output that is not empty. */
    String firstLine() {
        return output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static void read(Process process, ByteArrayOutputStream output) {
        try (InputStream in = process.getInputStream()) {
            byte[] some = new byte[4096];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                output.write(some, 0, Math.min(n, MOST - output.size()));
            }
        } catch (IOException e) {
            output.writeBytes(("(no longer read: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
        }
    }
}
