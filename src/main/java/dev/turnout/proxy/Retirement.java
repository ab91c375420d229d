package dev.turnout.proxy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How the endless streams of a target end when it is to go: each at a time of its own, so that their clients do not all
 * come back at once.
 *
 * @param spreadMillis the time over which they end at the most
 * @param stepMillis how far apart two of one event loop end at the most
 * @param closeCode what a WebSocket's client is told (RFC 6455, section 7.4.1)
 */
record Retirement(long spreadMillis, long stepMillis, int closeCode) {

    /** The code of a target that is replaced: come back soon. */
    static final int SERVICE_RESTART = 1012;

    /** The code of a proxy that stops. */
    static final int GOING_AWAY = 1001;

    /** What of a drain's time is used, so that the last ones have time to say good-bye too. */
    private static final double SHARE = 0.8;

    /** No more than one stream in so many milliseconds, over all event loops, as long as the time allows it. */
    private static final long PACE_MILLIS = 20;

    private static final long LATECOMER_MILLIS = 1000;

    /**
     * A retirement that is over within a drain's time.
     *
     * @param loops how many event loops take part, each for itself
     */
    static Retirement within(Duration drain, int closeCode, int loops) {
        return new Retirement((long) (drain.toMillis() * SHARE), PACE_MILLIS * loops, closeCode);
    }

    /** Gives each exchange of one event loop its time. To be called on that event loop. */
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
}
