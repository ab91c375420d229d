package dev.turnout.proxy.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many sessions have come to a target lately: an estimate in 4 KiB, whatever their number is.
 *
 * <p>Each session sets one bit by its random number. The bits that are still free tell how many sessions there were:
 * linear counting (Whang and others, 1990). 1,000 sessions are counted within about 10. A session counts for five to
 * ten minutes after its last request. Any thread.
 */
final class SessionCount {

    private static final int BITS = 1 << 14;
    private static final long SPAN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private volatile Span span;

    /** What has come within one span of time, and within the span before. */
    private record Span(long startNanos, AtomicLongArray now, AtomicLongArray before) {

        static Span empty(long startNanos) {
            return new Span(startNanos, bits(), bits());
        }

        private static AtomicLongArray bits() {
            return new AtomicLongArray(BITS / Long.SIZE);
        }

        Span at(long nanos) {
            long age = nanos - startNanos;
            if (age < SPAN_NANOS) {
                return this;
            }
            return age < 2 * SPAN_NANOS ? new Span(startNanos + SPAN_NANOS, bits(), now) : empty(nanos);
        }
    }

    SessionCount(long nanos) {
        span = Span.empty(nanos);
    }

    /** Notes a request of a session. */
    void seen(long session, long nanos) {
        Span current = current(nanos);
        int bit = (int) session & BITS - 1;
        long mask = 1L << bit;
        AtomicLongArray bits = current.now();
        if ((bits.get(bit / Long.SIZE) & mask) == 0) {
            bits.accumulateAndGet(bit / Long.SIZE, mask, (word, more) -> word | more);
        }
    }

    /** Returns how many sessions there are. */
    long estimate(long nanos) {
        Span current = current(nanos);
        int free = BITS;
        for (int i = 0; i < current.now().length(); i++) {
            free -= Long.bitCount(current.now().get(i) | current.before().get(i));
        }
        return Math.round(BITS * Math.log((double) BITS / Math.max(1, free)));
    }

    /** Two threads that go on to the next span at once may lose what one of them notes in between. */
    private Span current(long nanos) {
        Span seen = span;
        Span current = seen.at(nanos);
        if (current != seen) {
            span = current;
        }
        return current;
    }
}
