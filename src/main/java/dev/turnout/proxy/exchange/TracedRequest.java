package dev.turnout.proxy.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that has ended and whose trace is recorded.
 *
 * @param high and {@code low}: the identifier of the trace
 * @param parent the span of the request's sender; 0 if the trace has begun here
 * @param endMillis when the request ended, of the Unix time
 * @param startNanos and {@code endNanos}: nanoseconds of the clock of exchanges
 * @param service empty if the request is for none
 * @param forwarded the target of the request as targets get it; empty if none did
 * @param isFailed whether the application or Turnout has failed the request, also behind a good status
 * @param error why Turnout answered itself, or cut the response; null if it did neither
 */
public record TracedRequest(
        long high,
        long low,
        long parent,
        long span,
        long endMillis,
        long startNanos,
        long endNanos,
        String service,
        String method,
        String path,
        String query,
        String forwarded,
        String scheme,
        String host,
        String userAgent,
        String client,
        String protocol,
        int status,
        boolean isFailed,
        @Nullable String error,
        List<TracedAttempt> attempts) {

    private static final int FIXED_BYTES = 256;
    private static final int ATTEMPT_BYTES = 64;

    /** Returns about how much memory the request takes. Bytes. */
    public int size() {
        return FIXED_BYTES
                + method.length()
                + path.length()
                + query.length()
                + forwarded.length()
                + host.length()
                + userAgent.length()
                + ATTEMPT_BYTES * attempts.size();
    }
}
