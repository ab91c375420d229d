package dev.turnout.proxy.route;

/**
 * How much may wait while a service is paused, and how it is let go.
 *
 * @param requests the most requests that wait
 * @param bytes the most bytes that they hold
 * @param waitMillis how long one waits before it is refused
 * @param releaseMillis over how long those that wait are spread when the service is resumed
 */
public record PauseLimits(int requests, long bytes, long waitMillis, long releaseMillis) {}
