package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.CopiedHead;
import dev.turnout.routing.RehearsalFigures;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rehearsal of one service: how many of its safe requests are copied to the idle slot, and what came of the copies. Any
 * thread.
 */
public final class Rehearsal {

    private static final double UNSET = -1;

    /** Copies may come in bursts of this time's worth. */
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final double WHOLE = 100;

    private final int loops;
    private final AtomicLong nextRun;
    private final AtomicLong rateFullAt = new AtomicLong(System.nanoTime());
    private volatile RehearsalSettings settings;
    private volatile CopiedHead head;
    private volatile double begun = UNSET;
    private volatile RehearsalCounters counters;

    Rehearsal(int loops, AtomicLong nextRun, RehearsalSettings settings) {
        this.loops = loops;
        this.nextRun = nextRun;
        this.settings = settings;
        head = new CopiedHead(settings.removed());
        counters = new RehearsalCounters(nextRun.incrementAndGet(), loops);
    }

    void apply(RehearsalSettings next) {
        if (!next.equals(settings)) {
            head = new CopiedHead(next.removed());
            settings = next;
        }
    }

    /** Sets the share of the run time, and counts anew. */
    void begin(double percent) {
        begun = percent;
        beginAnew();
    }

    void end() {
        begun = 0;
    }

    /** Counts anew: another version is to be compared. Copies that are on their way count for the run before. */
    void beginAnew() {
        counters = new RehearsalCounters(nextRun.incrementAndGet(), loops);
    }

    /** Returns the share that is copied, 0 to 100. */
    double percent() {
        return begun == UNSET ? settings.percent() : begun;
    }

    /** Returns true if the request at hand is to be copied. */
    public boolean isDue() {
        double percent = percent();
        return percent > 0
                && (percent >= WHOLE || ThreadLocalRandom.current().nextDouble() * WHOLE < percent)
                && takesTurn();
    }

    private boolean takesTurn() {
        long interval = settings.intervalNanos();
        while (true) {
            long now = System.nanoTime();
            long full = rateFullAt.get();
            long from = full - now > 0 ? full : now;
            if (from - now > BURST_NANOS) {
                dropped();
                return false;
            }
            if (rateFullAt.compareAndSet(full, from + interval)) {
                return true;
            }
        }
    }

    /** Counts a request that was not copied since something was full. */
    public void dropped() {
        counters.countDropped();
    }

    /** Returns the counters of the run at hand. */
    public RehearsalCounters counters() {
        return counters;
    }

    /** Returns how long a copy may take until the head of its answer. Milliseconds. */
    public long timeoutMillis() {
        return settings.timeoutMillis();
    }

    /** Returns what heads of copies are written by. */
    public CopiedHead head() {
        return head;
    }

    RehearsalFigures figures() {
        RehearsalCounters of = counters;
        return new RehearsalFigures(
                percent(),
                begun != UNSET,
                of.run,
                of.pairs.sum(),
                of.statusDiffers.sum(),
                of.activeErrors.sum(),
                of.idleErrors.sum(),
                of.onlyActive.sum(),
                of.onlyIdle.sum(),
                of.dropped.sum(),
                of.active.sum(),
                of.idle.sum());
    }
}
