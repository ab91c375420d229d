package dev.turnout.config;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The end of a span of time, measured by {@link System#nanoTime()}. Any thread. */
public final class Deadline {

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** Returns the deadline at the end of a span of time that begins now. */
    public static Deadline after(Duration span) {
        return new Deadline(System.nanoTime() + span.toNanos());
    }

    /** Returns true if the span of time has passed. */
    public boolean isOver() {
        return leftNanos() <= 0;
    }

    /** Returns the time that is left, rounded down; 0 if the deadline is over. Milliseconds. */
    public long leftMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNanos()));
    }

    /**
     * Blocks until a condition holds or the deadline is over.
     *
     * @param everyMillis the pause between two looks at the condition. Milliseconds.
     * @return whether the condition holds
     */
    public boolean await(BooleanSupplier condition, long everyMillis) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(everyMillis);
        }
        return true;
    }

    /** Compares by difference, since the clock's values may overflow. */
    private long leftNanos() {
        return endNanos - System.nanoTime();
    }
}
