package dev.turnout.proxy.route;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The times of a {@link Retirement}, in milliseconds: what ends is spread over a part of the drain's time, so that the
 * clients do not all come back at once.
 *
 * @param spreadMillis the time in which all streams get their places
 * @param stepMillis the least time between two places on one event loop, as long as the spread allows it
 * @param graceMillis how long a stream whose place has come may take to come to a boundary
 */
record RetirementTimes(long spreadMillis, long stepMillis, long graceMillis) {

    /** What of a drain's time is used, so that the last streams have time to end too. */
    private static final double SHARE = 0.8;

    /** What of a drain's time a stream may take to come to a boundary, and the most that it may. */
    private static final double GRACE_SHARE = 0.15;

    private static final long MOST_GRACE_MILLIS = 5000;

    /** What of the spread a stream is watched for, to see that nothing passes, and the most of it. */
    private static final double QUIET_SHARE = 0.25;

    private static final long MOST_QUIET_MILLIS = 1000;

    /** No more than one stream in so many milliseconds, over all event loops, as long as the time allows it. */
    private static final long PACE_MILLIS = 20;

    private static final long LATECOMER_MILLIS = 1000;

    /**
     * Returns times that are over within a drain's time.
     *
     * @param loops how many event loops take part, each for itself
     */
    static RetirementTimes within(Duration drain, int loops) {
        long grace = Math.min(MOST_GRACE_MILLIS, (long) (drain.toMillis() * GRACE_SHARE));
        return new RetirementTimes((long) (drain.toMillis() * SHARE), PACE_MILLIS * loops, grace);
    }

    /** Returns the place of each of so many streams of one event loop: milliseconds from now, in ascending order. */
    long[] places(int count, RandomGenerator random) {
        double step = count == 0 ? 0 : Math.min(stepMillis, (double) spreadMillis / count);
        long[] places = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = (long) ((i + random.nextDouble()) * step);
        }
        return places;
    }

    /** Returns the place of a stream that has begun after the others were given theirs: milliseconds from now. */
    long latecomerPlace(RandomGenerator random) {
        return random.nextLong(Math.min(spreadMillis, LATECOMER_MILLIS) + 1);
    }

    /** Returns how long a stream has to be silent to be taken for one that does not end by itself. Milliseconds. */
    long quietMillis() {
        return Math.min(MOST_QUIET_MILLIS, (long) (spreadMillis * QUIET_SHARE));
    }
}
