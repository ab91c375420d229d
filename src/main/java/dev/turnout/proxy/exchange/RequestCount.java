package dev.turnout.proxy.exchange;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many requests are in flight on all event loops. Each event loop writes its own cell.
 *
 * <p>One HTTP/2 connection can have as many requests as a hundred of HTTP/1, so a few clients could take all that there
 * may be. So from half of the limit on, each connection gets only a part of what is left.
 */
public final class RequestCount {

    /** Cells this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    private static final int SHARE = 8;

    /** A connection may have so many while there is room at all. */
    private static final int LEAST_OF_CONNECTION = 8;

    private final AtomicIntegerArray counts;

    /** @param loops how many event loops there are */
    public RequestCount(int loops) {
        this.counts = new AtomicIntegerArray(loops * STRIDE);
    }

    /** Notes how many requests an event loop has. To be called on the event loop of this index. */
    void note(int loop, int count) {
        counts.lazySet(loop * STRIDE, count);
    }

    /**
     * Returns true if one more request is too many: a limit is reached, or its connection has its share of what is left.
     * Event loops that ask at the same time may each exceed the limit by one. Any thread.
     *
     * @param ofConnection how many requests the connection has at a time, with the one in question
     */
    boolean hasReached(int limit, int ofConnection) {
        int sum = inFlight();
        if (sum >= limit) {
            return true;
        }
        return sum >= limit / 2 && ofConnection > Math.max(LEAST_OF_CONNECTION, (limit - sum) / SHARE);
    }

    private int inFlight() {
        int sum = 0;
        for (int i = 0; i < counts.length(); i += STRIDE) {
            sum += counts.get(i);
        }
        return sum;
    }
}
