package dev.turnout.proxy.exchange;

/**
 * How requests are traced.
 *
 * @param ratio the fraction of traces that is recorded, from 0 to 1; a trusted proxy decides for its own
 * @param isRequestId whether {@code X-Request-Id} is the trace's identifier
 */
public record TraceRules(double ratio, boolean isRequestId) {}
