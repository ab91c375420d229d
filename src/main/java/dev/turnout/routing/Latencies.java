package dev.turnout.routing;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;

/**
 * A histogram of how long responses have taken. An immutable value.
 *
 * <p>There are eight buckets to each doubling, so that a time is known to an eighth of itself. The first bucket holds
 * all times below 64 µs, the last bucket all times from 134 s on.
 */
public final class Latencies {

    private static final int DIVISION_BITS = 3;
    private static final int DIVISIONS = 1 << DIVISION_BITS;
    private static final int FIRST_EXPONENT = 6;
    private static final int LAST_EXPONENT = 27;

    /** The number of buckets. */
    public static final int BUCKETS = (LAST_EXPONENT - FIRST_EXPONENT) * DIVISIONS + 2;

    /** The histogram of no response. */
    public static final Latencies NONE = new Latencies(new long[BUCKETS]);

    private final long[] counts;
    private final long count;

    private Latencies(long[] counts) {
        this.counts = counts;
        this.count = Arrays.stream(counts).sum();
    }

    /**
     * Returns the histogram of counts.
     *
     * @param counts of each bucket; copied
     */
    public static Latencies of(long[] counts) {
        if (counts.length != BUCKETS) {
            throw new IllegalArgumentException(counts.length + " buckets, not " + BUCKETS);
        }
        return new Latencies(counts.clone());
    }

    /** Returns the bucket of a time. Nanoseconds. */
    public static int bucket(long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        if (micros < 1L << FIRST_EXPONENT) {
            return 0;
        }
        if (micros >= 1L << LAST_EXPONENT) {
            return BUCKETS - 1;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        int division = (int) (micros >>> exponent - DIVISION_BITS) & DIVISIONS - 1;
        return 1 + (exponent - FIRST_EXPONENT) * DIVISIONS + division;
    }

    /** Returns the upper bound of a bucket; for the last bucket the lower bound. Microseconds. */
    private static long boundMicros(int bucket) {
        int place = Math.min(bucket, BUCKETS - 2) - 1;
        if (place < 0) {
            return 1L << FIRST_EXPONENT;
        }
        int exponent = FIRST_EXPONENT + place / DIVISIONS;
        return (long) (DIVISIONS + 1 + place % DIVISIONS) << exponent - DIVISION_BITS;
    }

    /** Returns the number of responses. */
    public long count() {
        return count;
    }

    /** Returns the time that a part of the responses (0 to 1) did not exceed; 0 if there are none. Milliseconds. */
    public double quantileMillis(double part) {
        long wanted = (long) Math.ceil(count * part);
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted && seen > 0) {
                return boundMicros(bucket) / 1000.0;
            }
        }
        return 0;
    }

    /** Returns how many responses took longer than a time, to the accuracy of the buckets. Milliseconds. */
    public long slowerThan(double millis) {
        long slower = 0;
        for (int bucket = bucket((long) (millis * 1_000_000)) + 1; bucket < BUCKETS; bucket++) {
            slower += counts[bucket];
        }
        return slower;
    }

    /** Returns these responses and others. */
    public Latencies plus(Latencies others) {
        return others.count == 0 ? this : combined(others, Long::sum);
    }

    /** Returns these responses without an earlier part of them. */
    public Latencies minus(Latencies earlier) {
        return earlier.count == 0 ? this : combined(earlier, (now, before) -> now - before);
    }

    private Latencies combined(Latencies others, LongBinaryOperator operator) {
        long[] result = new long[BUCKETS];
        Arrays.setAll(result, bucket -> operator.applyAsLong(counts[bucket], others.counts[bucket]));
        return new Latencies(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies latencies && Arrays.equals(counts, latencies.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return count + " responses, p50 " + quantileMillis(0.5) + " ms, p99 " + quantileMillis(0.99) + " ms";
    }
}
