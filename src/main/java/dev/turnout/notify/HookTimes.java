package dev.turnout.notify;

import java.time.Duration;

/**
 * The times of sending.
 *
 * @param firstPause between the first try of a message and the second
 * @param answer how long an answer is waited for
 */
record HookTimes(Duration firstPause, Duration answer) {

    static final HookTimes USUAL = new HookTimes(Duration.ofSeconds(1), Duration.ofSeconds(10));
}
