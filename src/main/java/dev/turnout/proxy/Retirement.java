package dev.turnout.proxy;

import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.Retired;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How what has no end of its own ends at targets that are to go: each at a place of its own in a spread of time, so that
 * their clients do not all come back at once. Counts what has ended so. Safe for use by any thread.
 */
final class Retirement implements Retired {

    /** The code of a target that is replaced: come back soon. */
    static final int SERVICE_RESTART = 1012;

    /** The code of a proxy that stops. */
    static final int GOING_AWAY = 1001;

    /** What of a drain's time is used, so that the last ones have time to say good-bye too. */
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

    private final long spreadMillis;
    private final long stepMillis;
    private final long graceMillis;
    private final int closeCode;
    private final long startNanos = System.nanoTime();
    private final LongAdder streamsEnded = new LongAdder();
    private CutRequests cut = CutRequests.NONE;

    private Retirement(long spreadMillis, long stepMillis, long graceMillis, int closeCode) {
        this.spreadMillis = spreadMillis;
        this.stepMillis = stepMillis;
        this.graceMillis = graceMillis;
        this.closeCode = closeCode;
    }

    /**
     * A retirement that is over within a drain's time.
     *
     * @param closeCode what a WebSocket's client is told (RFC 6455, section 7.4.1)
     * @param loops how many event loops take part, each for itself
     */
    static Retirement within(Duration drain, int closeCode, int loops) {
        long grace = Math.min(MOST_GRACE_MILLIS, (long) (drain.toMillis() * GRACE_SHARE));
        return new Retirement((long) (drain.toMillis() * SHARE), PACE_MILLIS * loops, grace, closeCode);
    }

    /** Gives each exchange of one event loop its place. To be called on that event loop. */
    void spread(List<Exchange> exchanges) {
        double step = exchanges.isEmpty() ? 0 : Math.min(stepMillis, (double) spreadMillis / exchanges.size());
        for (int i = 0; i < exchanges.size(); i++) {
            double jitter = ThreadLocalRandom.current().nextDouble();
            exchanges.get(i).retire(this, (long) ((i + jitter) * step));
        }
    }

    /** The time of a stream that has begun after the others were given theirs. */
    long latecomerDelay() {
        return ThreadLocalRandom.current().nextLong(Math.min(spreadMillis, LATECOMER_MILLIS) + 1);
    }

    /** Returns how many milliseconds are left of the spread; 0 at its end. */
    long leftMillis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        return Math.max(0, spreadMillis - passed);
    }

    /** How long a stream whose place has come may take to come to a boundary. */
    long graceMillis() {
        return graceMillis;
    }

    /** A stream without a byte for so long does not seem to come to an end by itself. */
    long quietMillis() {
        return Math.min(MOST_QUIET_MILLIS, (long) (spreadMillis * QUIET_SHARE));
    }

    int closeCode() {
        return closeCode;
    }

    /** Returns true if another version takes over, so that clients may come back at once. */
    boolean isReplacement() {
        return closeCode == SERVICE_RESTART;
    }

    void countStream() {
        streamsEnded.increment();
    }

    synchronized void countCut(CutRequest request) {
        cut = cut.plus(CutRequests.of(List.of(request)));
    }

    @Override
    public long streamsEnded() {
        return streamsEnded.sum();
    }

    @Override
    public synchronized CutRequests cut() {
        return cut;
    }
}
