package dev.turnout.routing;

/**
 * How long a request took whose trace is recorded: an example of its bucket.
 *
 * @param traceId 32 hexadecimal digits
 * @param nanos from the request's head to the end of the response
 * @param endMillis when it ended, of the Unix time
 */
public record TracedTime(String traceId, long nanos, long endMillis) {}
