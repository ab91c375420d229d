package dev.turnout.proxy.exchange;

/**
 * How requests are traced.
 *
 * @param ratio the fraction of traces that begin here and are recorded, from 0 to 1
 * @param isRequestId whether {@code X-Request-Id} is the trace's identifier
 */
public record TraceRules(double ratio, boolean isRequestId) {}
