package dev.turnout.switching;

import java.time.Duration;

/**
 * A look at a drain that goes on.
 *
 * @param inFlight requests that have not ended, WebSockets included
 * @param webSockets of these requests
 * @param sessions about how many sessions may still come; the drain waits for them first
 * @param elapsed since the drain began
 * @param timeout after which the rest is cut, since the drain began
 */
record DrainProgress(long inFlight, long webSockets, long sessions, Duration elapsed, Duration timeout) {}
