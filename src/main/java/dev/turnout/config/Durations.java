package dev.turnout.config;

import java.time.Duration;

/** The choice between two times. */
public final class Durations {

    private Durations() {}

    /** Returns the shorter one of two times. */
    public static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Returns the longer one of two times. */
    public static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
