package dev.turnout.proxy.route;

import dev.turnout.proxy.body.EndReason;
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
public final class Retirement implements Retired {

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
    public static Retirement within(Duration drain, EndReason reason, int loops) {
        return new Retirement(reason, RetirementTimes.within(drain, loops));
    }

    public EndReason reason() {
        return reason;
    }

    /** Returns the place of each of so many streams of one event loop: milliseconds from now, in ascending order. */
    public long[] places(int count) {
        return times.places(count, ThreadLocalRandom.current());
    }

    /** Returns the place of a stream that has begun after the others were given theirs: milliseconds from now. */
    public long latecomerDelay() {
        return times.latecomerPlace(ThreadLocalRandom.current());
    }

    /** Returns how many milliseconds are left of the spread; 0 at its end. */
    public long leftMillis() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        return Math.max(0, times.spreadMillis() - passed);
    }

    /** Returns how long a stream whose place has come may take to come to a boundary. Milliseconds. */
    public long graceMillis() {
        return times.graceMillis();
    }

    /** Returns how long a stream has to be silent to be taken for one that does not end by itself. Milliseconds. */
    public long quietMillis() {
        return times.quietMillis();
    }

    public void countStream() {
        streamsEnded.increment();
    }

    public synchronized void countCut(CutRequest request) {
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
