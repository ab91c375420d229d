package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.exchange.RequestTrace;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.http1.TraceLine;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a line of the access log: the one that Turnout has continued or begun, or the one that a request names
 * where Turnout does not trace. To be used on one event loop only.
 */
final class LineTrace {

    private final TraceLine named = new TraceLine();

    /** Returns the identifier of the trace of a request; null if the request belongs to none. */
    @Nullable
    String id(@Nullable RequestView head, ExchangeRecord record) {
        RequestTrace trace = record.trace();
        if (trace != null) {
            return trace.id();
        }
        return head != null && named.read(head) ? TraceLine.id(named.high(), named.low()) : null;
    }
}
