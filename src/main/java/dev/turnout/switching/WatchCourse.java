package dev.turnout.switching;

import dev.turnout.config.Durations;
import dev.turnout.routing.Latencies;
import java.time.Duration;
import java.util.List;

/** What has been seen of a watched slot so far: by one Turnout, or by all members of a fleet together. One thread. */
final class WatchCourse {

    /** A request that waits longer for a response counts as an error. In a short watch, half of the watch is the limit. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Moment half;
    private final Moment threeQuarters;
    private final Moment patience;
    private SlotTraffic before = SlotTraffic.NONE;
    private SlotTraffic after = SlotTraffic.NONE;

    /** @param time of the watch */
    WatchCourse(Duration time) {
        Duration halfTime = time.dividedBy(2);
        this.half = new Moment(halfTime);
        this.threeQuarters = new Moment(time.multipliedBy(3).dividedBy(4));
        this.patience = new Moment(time.minus(Durations.shorter(halfTime, PATIENCE)));
    }

    /** The traffic at a moment of the watch; before that moment, the traffic up to now. */
    private static final class Moment {
        private final Duration at;
        private SlotTraffic total = SlotTraffic.NONE;

        Moment(Duration at) {
            this.at = at;
        }

        void look(Duration passed, SlotTraffic now) {
            if (passed.compareTo(at) < 0) {
                total = now;
            }
        }
    }

    /**
     * Takes what has been seen.
     *
     * @param passed since the flip
     * @param slotBefore what the old slot carried in the minutes before the flip
     * @param slotAfter what the new slot has carried since
     */
    void look(Duration passed, SlotTraffic slotBefore, SlotTraffic slotAfter) {
        before = slotBefore;
        after = slotAfter;
        half.look(passed, slotAfter);
        threeQuarters.look(passed, slotAfter);
        patience.look(passed, slotAfter);
    }

    SlotTraffic before() {
        return before;
    }

    SlotTraffic after() {
        return after;
    }

    /** Returns what the new slot has carried, with the requests that have waited too long as errors. */
    SlotTraffic whole() {
        return after.overdue(overdue());
    }

    /**
     * Returns how many requests have waited too long for a response, at least. These are more than have come lately, and
     * more than waited at the old slot, since an application may let its clients wait on purpose.
     */
    private long overdue() {
        long late = after.since(patience.total).claimed();
        return Math.max(0, after.waiting() - Math.max(late, before.waiting()));
    }

    private Latencies third() {
        return threeQuarters.total.since(half.total).latencies();
    }

    private Latencies fourth() {
        return after.since(threeQuarters.total).latencies();
    }

    /** Returns the latencies of the second half. */
    Latencies settled() {
        return third().plus(fourth());
    }

    /** Returns true if the slot fails so often that its watch can end early. */
    boolean isPlainlyWorse() {
        return Judgement.isPlainlyWorse(before, after);
    }

    /** Judges a slot that is plainly worse, during its watch. */
    Judgement early() {
        return Judgement.of(before, after, List.of());
    }

    /** Judges the slot at the end of its watch. */
    Judgement judge(double chance) {
        return Judgement.of(before, whole(), List.of(third(), fourth()), chance);
    }
}
