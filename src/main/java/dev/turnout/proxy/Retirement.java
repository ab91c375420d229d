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
 * The end of the streams at targets that are taken out of service: why they end, when each of them ends, and how many
 * have ended. Any thread.
 */
final class Retirement implements Retired {

    private final EndReason reason;
    private final RetirementTimes times;
    private final long startNanos = System.nanoTime();
    private final LongAdder streamsEnded = new LongAdder();
    private CutRequests cut = CutRequests.NONE;

    private Retirement(EndReason reason, RetirementTimes times) {
        this.reason = reason;
        this.times = times;
    }

    /**
     * Begins a retirement that is over within a drain's time.
     *
     * @param loops how many event loops take part, each for itself
     */
    static Retirement within(Duration drain, EndReason reason, int loops) {
        return new Retirement(reason, RetirementTimes.within(drain, loops));
    }

    EndReason reason() {
        return reason;
    }

    /** Returns the place of each of so many streams of one event loop: milliseconds from now, in ascending order. */
    long[] places(int count) {
        return times.places(count, ThreadLocalRandom.current());
    }

    /** Returns the place of a stream that has begun after the others were given theirs: milliseconds from now. */
    long latecomerDelay() {
        return times.latecomerPlace(ThreadLocalRandom.current());
    }

    /** Returns how many milliseconds are left of the spread; 0 at its end. */
    long leftMillis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        return Math.max(0, times.spreadMillis() - passed);
    }

    /** Returns how long a stream whose place has come may take to come to a boundary. Milliseconds. */
    long graceMillis() {
        return times.graceMillis();
    }

    /** Returns how long a stream has to be silent to be taken for one that does not end by itself. Milliseconds. */
    long quietMillis() {
        return times.quietMillis();
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
