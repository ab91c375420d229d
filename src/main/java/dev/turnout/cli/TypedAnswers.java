package dev.turnout.cli;

import dev.turnout.config.DaemonThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The lines of standard input. A thread of its own reads them, since a signal does not end a read. One thread asks. */
final class TypedAnswers {

    private static final long LOOK_MILLIS = 100;

    /** So many lines are read before they are asked for: a program such as {@code yes} writes without an end. */
    private static final int MOST_AHEAD = 16;

    /** Empty at the end of the input. */
    private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(MOST_AHEAD);

    private boolean isRead;
    private boolean isOver;

    /**
     * Blocks until there is a line, and returns the line.
     *
     * @param isGivenUp ends the wait when it is true
     * @return empty at the end of the input, or if the wait was given up
     */
    Optional<String> next(BooleanSupplier isGivenUp) {
        if (!isRead) {
            isRead = true;
            DaemonThread.start("turnout-answers", this::read);
        }
        try {
            while (!isOver && !isGivenUp.getAsBoolean()) {
                Optional<String> line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null) {
                    isOver = line.isEmpty();
                    return line;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private void read() {
        try {
            readLines();
            lines.put(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLines() throws InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.put(Optional.of(line));
            }
        } catch (IOException e) {
            // Nobody answers any more, as at the end of the input.
        }
    }
}
