package dev.turnout.switching;

import java.time.Duration;

/** The pace of progress reports: one at once, then one each time that an interval has passed. One thread. */
final class Pace {

    private final long intervalNanos;
    private long lastNanos;

    Pace(Duration interval) {
        this.intervalNanos = interval.toNanos();
        this.lastNanos = System.nanoTime() - intervalNanos;
    }

    /** Returns true if a report is due, and begins the next interval then. */
    boolean isDue() {
        long now = System.nanoTime();
        boolean isDue = now - lastNanos >= intervalNanos;
        if (isDue) {
            lastNanos = now;
        }
        return isDue;
    }
}
