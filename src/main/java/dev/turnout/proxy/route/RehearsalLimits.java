package dev.turnout.proxy.route;

/**
 * What bounds the copies of all services together.
 *
 * @param inFlight the most copies that wait for an answer
 * @param timeoutMillis how long one waits. Milliseconds.
 */
public record RehearsalLimits(int inFlight, long timeoutMillis) {}
