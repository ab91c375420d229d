package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TrafficCounters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The watch as a step of a switch, after the publish. The errors and latencies of the new slot are compared with those of
 * the old slot in the last minutes.
 */
final class WatchStep {

    private static final long LOOK_MILLIS = 100;
    private static final Duration PROGRESS = Duration.ofSeconds(1);

    /** A request that waits longer for a response counts as an error. In a short watch, half of the watch is the limit. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CurrentState current;
    private final TrafficCounters counters;
    private final TrafficHistory history;
    private final CompletableFuture<Void> stopping;

    WatchStep(
            CurrentState current, TrafficCounters counters, TrafficHistory history, CompletableFuture<Void> stopping) {
        this.current = current;
        this.counters = counters;
        this.history = history;
        this.stopping = stopping;
    }

    /**
     * Refuses a watch that would see no traffic.
     *
     * @throws ChangeRefused if the service is paused, or the traffic is not counted
     */
    void refuseBlind(Service service) {
        if (service.paused()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.PAUSED,
                    "Service '" + service.name()
                            + "' is paused, so there is no traffic to watch: switch without a watch,"
                            + " or resume it before. Nothing has changed.");
        }
        if (!counters.areKept()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.UNSUPPORTED,
                    "A watch takes counters of the traffic, which nginx does not keep: turnout.mode=proxy does."
                            + " Nothing has changed.");
        }
    }

    /** A watch that has begun, with the traffic up to the flip. */
    final class Watch {

        private final Service service;
        private final Slot from;
        private final Slot to;
        private final SlotTraffic before;
        private final SlotTraffic atFlip;
        private final long startedNanos = System.nanoTime();

        private Watch(Service service, Slot to) {
            this.service = service;
            this.from = service.active();
            this.to = to;
            this.before = history.lately(service);
            this.atFlip = SlotTraffic.of(counters, service, to);
        }

        /**
         * Blocks until the time has passed. Ends early if the slot is plainly worse, is no longer active, or Turnout is being
         * stopped.
         *
         * @param progress is called once a second
         */
        WatchReport keep(Duration time, Consumer<WatchProgress> progress) {
            Pace pace = new Pace(PROGRESS);
            Moment half = new Moment(time.dividedBy(2));
            Moment threeQuarters = new Moment(time.multipliedBy(3).dividedBy(4));
            Moment patience = new Moment(time.minus(min(time.dividedBy(2), PATIENCE)));
            while (true) {
                boolean isStopping = isStoppingWithin(LOOK_MILLIS);
                Duration passed = Duration.ofNanos(System.nanoTime() - startedNanos);
                SlotTraffic now = SlotTraffic.of(counters, service, to);
                SlotTraffic after = now.since(atFlip);
                Latencies third = threeQuarters.total.since(half.total).latencies();
                Latencies fourth = now.since(threeQuarters.total).latencies();
                if (passed.compareTo(time) >= 0) {
                    SlotTraffic whole = after.overdue(overdue(after, now.since(patience.total)));
                    Judgement judgement = Judgement.of(before, whole, List.of(third, fourth));
                    return report(judgement, passed, whole, third.plus(fourth));
                }
                if (!isServing()) {
                    return report(Judgement.takenBack(), passed, after, third.plus(fourth));
                }
                if (isStopping) {
                    return report(Judgement.stopped(), passed, after, third.plus(fourth));
                }
                if (Judgement.isPlainlyWorse(before, after)) {
                    return report(Judgement.of(before, after, List.of()), passed, after, Latencies.NONE);
                }
                if (pace.isDue()) {
                    progress.accept(new WatchProgress(from, before, to, after, passed, time.minus(passed)));
                }
                half.look(passed, now);
                threeQuarters.look(passed, now);
                patience.look(passed, now);
            }
        }

        /** Returns true if the watched slot is still active: nobody has taken the switch back. */
        boolean isServing() {
            return current.service(service.name()).active() == to;
        }

        /** The traffic at a moment of the watch; before that moment, the traffic up to now. */
        private final class Moment {
            private final Duration at;
            private SlotTraffic total = atFlip;

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
         * Returns how many requests have waited too long for a response, at least. These are more than have come lately, and
         * more than waited at the old slot, since an application may let its clients wait on purpose.
         */
        private long overdue(SlotTraffic after, SlotTraffic late) {
            return Math.max(0, after.waiting() - Math.max(late.claimed(), before.waiting()));
        }

        private WatchReport report(Judgement judgement, Duration passed, SlotTraffic after, Latencies settled) {
            return new WatchReport(
                    judgement.verdict(), judgement.reason(), passed, false, from, before, to, after, settled);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Begins a watch. Called just before the flip.
     *
     * @param service as it is before the flip
     * @param to the slot that is to serve
     */
    Watch begin(Service service, Slot to) {
        return new Watch(service, to);
    }

    private boolean isStoppingWithin(long millis) {
        try {
            stopping.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            return true;
        }
    }
}
