package dev.turnout.switching;

import java.time.Duration;

/**
 * What a switch takes of the rehearsal.
 *
 * @param requests how many requests have to be rehearsed; 0 for none
 * @param timeout how long the switch waits for them
 */
public record RehearsalGate(int requests, Duration timeout) {

    /** Takes nothing. */
    public static final RehearsalGate NONE = new RehearsalGate(0, Duration.ZERO);
}
