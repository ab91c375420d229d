package dev.turnout.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, never for a time. */
public final class Await {

    /** How long a test waits for what comes at once on a quiet machine; one that builds beside it is far slower. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long a test waits for programs to start, or for scripts that start some. */
    public static final Duration LONG_PATIENCE = Duration.ofMinutes(5);

    private Await() {}

    /** @throws AssertionError with the sentence if the condition does not hold within {@link #PATIENCE} */
    public static void until(String sentence, BooleanSupplier condition) {
        until(() -> sentence, condition);
    }

    /** @throws AssertionError with the sentence as it is then, if the condition does not hold within {@link #PATIENCE} */
    public static void until(Supplier<String> sentence, BooleanSupplier condition) {
        until(sentence, PATIENCE, condition);
    }

    /** @throws AssertionError with the sentence as it is then, if the condition does not hold within the deadline */
    public static void until(Supplier<String> sentence, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + deadline.toSeconds() + " s: " + sentence.get());
            }
            pause(Duration.ofMillis(2));
        }
    }

    /** Lets time pass where passing time is what is tested: an age, an idle time, the pace of a slow peer. */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
