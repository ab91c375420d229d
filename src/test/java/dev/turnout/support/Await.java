package dev.turnout.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, never for a time. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private Await() {}

    /** @throws AssertionError with the sentence if the condition does not hold within 15 s */
    public static void until(String sentence, BooleanSupplier condition) {
        until(() -> sentence, DEADLINE, condition);
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
