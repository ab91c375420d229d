package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.TraceLine;
import java.util.function.LongSupplier;

/**
 * The rule which traces go on, which begin, and which are recorded. A trusted proxy decides for its requests. Of all other
 * requests a fraction is recorded, whatever they say: strangers would fill the exporter. Event loop only.
 */
public final class Tracing {

    private final TraceLine line = new TraceLine();
    private final TraceRules rules;
    private final LongSupplier spans;
    private final TraceSink sink;

    /** @param random gives 64 random bits */
    public Tracing(TraceRules rules, LongSupplier random, TraceSink sink) {
        this.rules = rules;
        this.spans = () -> notZero(random.getAsLong());
        this.sink = sink;
    }

    TraceLine line() {
        return line;
    }

    /** Returns true if the trace's identifier is that of the request. */
    boolean isRequestId() {
        return rules.isRequestId();
    }

    /**
     * Returns the trace of a request, and writes the line for its target.
     *
     * @param redaction of its URL
     */
    RequestTrace begin(RequestHead head, ClientInfo client, QueryRedaction redaction) {
        boolean isRecorded;
        if (line.read(head)) {
            // A stranger has chosen the identifier, so it decides nothing.
            isRecorded = client.trusted() ? line.isParentSampled() : isChosen(spans.getAsLong());
        } else {
            line.begin(spans.getAsLong(), spans.getAsLong());
            isRecorded = isChosen(line.low());
        }
        long attempt = spans.getAsLong();
        line.write(attempt, isRecorded);
        return isRecorded
                ? RequestTrace.recorded(
                        sink,
                        spans,
                        line.high(),
                        line.low(),
                        line.parent(),
                        spans.getAsLong(),
                        attempt,
                        head,
                        client.isHttps(head),
                        redaction)
                : RequestTrace.unrecorded(sink, spans, line.high(), line.low(), attempt);
    }

    /** Decides by 64 random bits. Other programs with the same ratio decide by the identifier of a trace like this. */
    private boolean isChosen(long bits) {
        double ratio = rules.ratio();
        return ratio >= 1 || (bits & Long.MAX_VALUE) < (long) (ratio * Long.MAX_VALUE);
    }

    /** An identifier of zeros is none. */
    private static long notZero(long number) {
        return number == 0 ? 1 : number;
    }
}
