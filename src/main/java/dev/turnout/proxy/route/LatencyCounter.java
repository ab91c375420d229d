package dev.turnout.proxy.route;

import dev.turnout.routing.Latencies;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts how long something takes. Each event loop writes cells of its own, which anybody may read. */
final class LatencyCounter {

    /** The cell behind the buckets holds all times together. */
    private static final int TOTAL = Latencies.BUCKETS;

    private final AtomicReferenceArray<AtomicLongArray> loops;

    /** @param loops how many event loops there are */
    LatencyCounter(int loops) {
        this.loops = new AtomicReferenceArray<>(loops);
    }

    /** Counts a time. Nanoseconds. To be called on the event loop of this index. */
    void count(int loop, long nanos) {
        AtomicLongArray cells = loops.getPlain(loop);
        if (cells == null) {
            cells = new AtomicLongArray(Latencies.BUCKETS + 1);
            loops.set(loop, cells);
        }
        int bucket = Latencies.bucket(nanos);
        cells.lazySet(TOTAL, cells.getPlain(TOTAL) + nanos);
        cells.lazySet(bucket, cells.getPlain(bucket) + 1);
    }

    /** Returns what has been counted so far. Any thread. */
    Latencies sum() {
        long[] sums = new long[Latencies.BUCKETS];
        long total = 0;
        for (int loop = 0; loop < loops.length(); loop++) {
            AtomicLongArray cells = loops.get(loop);
            for (int bucket = 0; cells != null && bucket < sums.length; bucket++) {
                sums[bucket] += cells.get(bucket);
            }
            total += cells == null ? 0 : cells.get(TOTAL);
        }
        return Latencies.of(sums, total);
    }
}
