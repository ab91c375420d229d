package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.QueryRedaction;

/**
 * How requests are traced.
 *
 * @param ratio the fraction of traces that is recorded, from 0 to 1; a trusted proxy decides for its own
 * @param isRequestId whether {@code X-Request-Id} is the trace's identifier
 * @param redaction of the URLs in spans
 */
public record TraceRules(double ratio, boolean isRequestId, QueryRedaction redaction) {}
