package dev.turnout.routing;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;

/**
 * A histogram of how long something has taken. An immutable value.
 *
 * <p>There are 23 buckets to each decade, from 100 µs to 100 s, so that a time is known to an eighth of itself. The first
 * bucket holds all times up to 100 µs, the last bucket all times above 100 s. 1, 2.5, 5 and their decades are bounds.
 */
public final class Latencies {

    /** The upper bounds of the buckets of a decade, in hundredths. */
    private static final int[] STEPS = {
        110, 120, 135, 150, 165, 180, 200, 225, 250, 280, 310, 340, 380, 420, 460, 500, 550, 600, 670, 750, 840, 920,
        1000
    };

    private static final int DECADES = 6;
    private static final double NANOS_PER_MILLI = 1e6;

    /** A hundredth of the first bound. */
    private static final long UNIT_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

    /** The upper bound of each bucket but the last. Nanoseconds, inclusive. */
    private static final long[] BOUNDS = bounds();

    /** The number of buckets. */
    public static final int BUCKETS = BOUNDS.length + 1;

    /** The histogram of nothing. */
    public static final Latencies NONE = new Latencies(new long[BUCKETS], 0);

    private final long[] counts;
    private final long count;
    private final long totalNanos;

    private Latencies(long[] counts, long totalNanos) {
        this.counts = counts;
        this.count = Arrays.stream(counts).sum();
        this.totalNanos = totalNanos;
    }

    private static long[] bounds() {
        long[] bounds = new long[DECADES * STEPS.length + 1];
        bounds[0] = 100 * UNIT_NANOS;
        long decade = UNIT_NANOS;
        for (int place = 1; place < bounds.length; place++) {
            bounds[place] = STEPS[(place - 1) % STEPS.length] * decade;
            decade = place % STEPS.length == 0 ? decade * 10 : decade;
        }
        return bounds;
    }

    /**
     * Returns the histogram of counts.
     *
     * @param counts of each bucket; copied
     * @param totalNanos all times together. Nanoseconds.
     */
    public static Latencies of(long[] counts, long totalNanos) {
        if (counts.length != BUCKETS) {
            throw new IllegalArgumentException(counts.length + " buckets, not " + BUCKETS);
        }
        return new Latencies(counts.clone(), totalNanos);
    }

    /** Returns the histogram of one time. Nanoseconds. */
    public static Latencies ofOne(long nanos) {
        long[] counts = new long[BUCKETS];
        counts[bucket(nanos)] = 1;
        return new Latencies(counts, nanos);
    }

    /** Returns the bucket of a time. Nanoseconds. Allocates nothing. */
    public static int bucket(long nanos) {
        int low = 0;
        int high = BOUNDS.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (nanos <= BOUNDS[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the counts of all buckets, which are the caller's. */
    public long[] counts() {
        return counts.clone();
    }

    /** Returns the number of times. */
    public long count() {
        return count;
    }

    /** Returns all times together. Nanoseconds. */
    public long totalNanos() {
        return totalNanos;
    }

    /** Returns how many times were at most as long as this. Exact at a bound of a bucket. Nanoseconds. */
    public long upTo(long nanos) {
        long upTo = 0;
        for (int bucket = 0; bucket < BOUNDS.length && BOUNDS[bucket] <= nanos; bucket++) {
            upTo += counts[bucket];
        }
        return upTo;
    }

    /** Returns the time that a part of the times (0 to 1) did not exceed; 0 if there are none. Milliseconds. */
    public double quantileMillis(double part) {
        long wanted = (long) Math.ceil(count * part);
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted && seen > 0) {
                return BOUNDS[Math.min(bucket, BOUNDS.length - 1)] / NANOS_PER_MILLI;
            }
        }
        return 0;
    }

    /** Returns how many times were longer than one, to the accuracy of the buckets. Milliseconds. */
    public long slowerThan(double millis) {
        long slower = 0;
        for (int bucket = bucket((long) (millis * NANOS_PER_MILLI)) + 1; bucket < BUCKETS; bucket++) {
            slower += counts[bucket];
        }
        return slower;
    }

    /**
     * Returns how likely one of these times is longer than one of others, 0 to 1; equal times count half (the statistic of
     * Mann and Whitney). 0.5 if there are none.
     *
     * @param buckets by how many buckets the others are made longer before: each is a seventh to a fourteenth of a time
     */
    public double longerThan(Latencies others, int buckets) {
        if (count == 0 || others.count == 0) {
            return 0.5;
        }
        double below = 0;
        double longer = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            long same = bucket < buckets ? 0 : others.counts[bucket - buckets];
            longer += counts[bucket] * (below + same / 2.0);
            below += same;
        }
        return Math.min(1, longer / ((double) count * others.count));
    }

    /** Returns these times and others. */
    public Latencies plus(Latencies others) {
        return others.count == 0 ? this : combined(others, Long::sum);
    }

    /** Returns these times without an earlier part of them. */
    public Latencies minus(Latencies earlier) {
        return earlier.count == 0 ? this : combined(earlier, (now, before) -> now - before);
    }

    private Latencies combined(Latencies others, LongBinaryOperator operator) {
        long[] result = new long[BUCKETS];
        Arrays.setAll(result, bucket -> operator.applyAsLong(counts[bucket], others.counts[bucket]));
        return new Latencies(result, operator.applyAsLong(totalNanos, others.totalNanos));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies latencies
                && totalNanos == latencies.totalNanos
                && Arrays.equals(counts, latencies.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return count + " times, p50 " + quantileMillis(0.5) + " ms, p99 " + quantileMillis(0.99) + " ms";
    }
}
