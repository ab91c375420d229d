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

/**
 * The watch as a step of a switch, after the publish: the new slot is judged by what it makes of the traffic, beside
 * what the old one has made of it in the last minutes.
 */
final class WatchStep {

    private static final long LOOK_MILLIS = 100;

    /** Who waits longer for an answer counts as one who has got none; in a short watch half of it. */
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

    /** @throws ChangeRefused if what carries the traffic does not count it, or there is none since it waits */
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

    /** A watch that has begun: what has been carried up to the flip. */
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
         * Blocks until the time has passed, or until it is plain that the slot is worse, or it serves no more, or Turnout
         * is being stopped.
         */
        WatchReport keep(Duration time) {
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
                half.look(passed, now);
                threeQuarters.look(passed, now);
                patience.look(passed, now);
            }
        }

        /** Whether nobody has taken the switch back. */
        boolean isServing() {
            return current.service(service.name()).active() == to;
        }

        /** What had been carried at some time of the watch, and until then, what has been by now. */
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
         * How many have waited too long for an answer, at the least: more than have come of late, and more than waited at
         * the old slot, where an application may let its clients wait on purpose.
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
     * Begins a watch; to be called just before the flip.
     *
     * @param service as it is before
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
