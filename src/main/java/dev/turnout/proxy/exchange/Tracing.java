package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.TraceLine;
import java.util.function.LongSupplier;

/**
 * The rule which traces go on, which begin, and which are recorded: one that the sender of the request records is recorded
 * here too, and of those that begin here a fraction. Event loop only.
 */
public final class Tracing {

    /** Takes recorded requests. Never blocks. */
    @FunctionalInterface
    public interface Sink {

        void take(TracedRequest request);
    }

    private final TraceLine line = new TraceLine();
    private final double ratio;
    private final LongSupplier random;
    private final Sink sink;

    /**
     * @param ratio the fraction of traces that begin here and are recorded, from 0 to 1
     * @param random gives 64 random bits
     */
    public Tracing(double ratio, LongSupplier random, Sink sink) {
        this.ratio = ratio;
        this.random = random;
        this.sink = sink;
    }

    TraceLine line() {
        return line;
    }

    Sink sink() {
        return sink;
    }

    /** Returns the trace of a request, and writes the line for its target. */
    RequestTrace begin(RequestHead head, boolean isHttps) {
        boolean isRecorded;
        if (line.read(head)) {
            isRecorded = line.isParentSampled();
        } else {
            line.begin(newSpan(), newSpan());
            isRecorded = isChosen(line.low());
        }
        long attempt = newSpan();
        line.write(attempt, isRecorded);
        return isRecorded
                ? RequestTrace.recorded(this, line.high(), line.low(), line.parent(), newSpan(), attempt, head, isHttps)
                : RequestTrace.unrecorded(this, line.high(), line.low(), attempt);
    }

    /** Decides by the trace's identifier, as other programs with the same ratio do. */
    private boolean isChosen(long low) {
        return ratio >= 1 || (low & Long.MAX_VALUE) < (long) (ratio * Long.MAX_VALUE);
    }

    /** Returns an identifier that is not 0. */
    long newSpan() {
        long span = random.getAsLong();
        return span == 0 ? 1 : span;
    }
}
