package dev.turnout.proxy.route;

import java.util.concurrent.atomic.LongAdder;

/** What is counted of one run of a rehearsal. Any thread, but for methods that name the event loop. */
public final class RehearsalCounters {

    private static final int SERVER_ERROR = 500;

    final long run;
    final LongAdder pairs = new LongAdder();
    final LongAdder statusDiffers = new LongAdder();
    final LongAdder activeErrors = new LongAdder();
    final LongAdder idleErrors = new LongAdder();
    final LongAdder onlyActive = new LongAdder();
    final LongAdder onlyIdle = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LatencyCounter active;
    final LatencyCounter idle;

    RehearsalCounters(long run, int loops) {
        this.run = run;
        active = new LatencyCounter(loops);
        idle = new LatencyCounter(loops);
    }

    /**
     * Counts a pair. To be called on the event loop of this index.
     *
     * @param activeStatus 0 if the active slot has not answered
     * @param activeNanos how long it took. Nanoseconds.
     * @param idleStatus 0 if the idle slot has not answered
     * @param idleNanos how long it took. Nanoseconds.
     */
    public void count(int loop, int activeStatus, long activeNanos, int idleStatus, long idleNanos) {
        boolean activeFailed = isError(activeStatus);
        boolean idleFailed = isError(idleStatus);
        pairs.increment();
        add(statusDiffers, activeStatus != idleStatus);
        add(activeErrors, activeFailed);
        add(idleErrors, idleFailed);
        add(onlyActive, activeFailed && !idleFailed);
        add(onlyIdle, idleFailed && !activeFailed);
        if (activeStatus != 0 && idleStatus != 0) {
            active.count(loop, activeNanos);
            idle.count(loop, idleNanos);
        }
    }

    /** Counts a request that was not copied since something was full. */
    public void countDropped() {
        dropped.increment();
    }

    private static void add(LongAdder counter, boolean counts) {
        if (counts) {
            counter.increment();
        }
    }

    private static boolean isError(int status) {
        return status == 0 || status >= SERVER_ERROR;
    }
}
