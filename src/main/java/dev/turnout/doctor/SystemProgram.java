package dev.turnout.doctor;

import dev.turnout.config.DaemonThread;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A short question to a program of the system. */
final class SystemProgram {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How much of an answer is kept. */
    private static final int MOST_BYTES = 64 << 10;

    private SystemProgram() {}

    /** Returns what a program prints; empty if it is missing, fails, or does not end in time. Blocks. */
    static Optional<String> output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            CompletableFuture<String> output = new CompletableFuture<>();
            DaemonThread.start("turnout-doctor-output", () -> output.complete(read(process)));
            boolean isOver = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!isOver) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0 ? Optional.of(output.join()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Reads to the end: a program that writes into a closed pipe dies, and its answer counts for nothing. */
    private static String read(Process process) {
        try (InputStream in = process.getInputStream()) {
            String kept = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            in.transferTo(OutputStream.nullOutputStream());
            return kept;
        } catch (IOException e) {
            return "";
        }
    }
}
