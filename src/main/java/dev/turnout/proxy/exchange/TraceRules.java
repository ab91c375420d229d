package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.QueryRedaction;

/**
 * How requests are traced.
 *
 * @param ratio the fraction of traces that begin here and are recorded, from 0 to 1
 * @param isRequestId whether {@code X-Request-Id} is the trace's identifier
 * @param redaction of the URLs in spans
 */
public record TraceRules(double ratio, boolean isRequestId, QueryRedaction redaction) {}
