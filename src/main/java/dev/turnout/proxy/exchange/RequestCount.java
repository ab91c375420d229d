package dev.turnout.proxy.exchange;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** How many requests are in flight on all event loops. Each event loop writes its own cell. */
public final class RequestCount {

    /** Cells this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    private final AtomicIntegerArray counts;

    /** @param loops how many event loops there are */
    public RequestCount(int loops) {
        this.counts = new AtomicIntegerArray(loops * STRIDE);
    }

    /** Notes how many requests an event loop has. To be called on the event loop of this index. */
    void note(int loop, int count) {
        counts.lazySet(loop * STRIDE, count);
    }

    /** Returns true if a limit is reached. Event loops that ask at the same time may each exceed it by one. Any thread. */
    boolean hasReached(int limit) {
        int sum = 0;
        for (int i = 0; i < counts.length(); i += STRIDE) {
            sum += counts.get(i);
        }
        return sum >= limit;
    }
}
