package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TrafficPlane;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The watch as a step of a switch, after the publish: the new slot is judged by what it makes of the traffic, beside
 * what the old one has made of it in the last minutes.
 */
final class Watching {

    private static final long LOOK_MILLIS = 100;

    private final TrafficPlane plane;
    private final TrafficHistory history;
    private final CompletableFuture<Void> stopping;

    Watching(TrafficPlane plane, TrafficHistory history, CompletableFuture<Void> stopping) {
        this.plane = plane;
        this.history = history;
        this.stopping = stopping;
    }

    /** @throws ChangeRefused if what carries the traffic does not count it */
    void refuseBlind() {
        if (!plane.countsTraffic()) {
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
            this.atFlip = SlotTraffic.of(plane, service, to);
        }

        /** Blocks until the time has passed, or until it is plain that the slot is worse, or Turnout is being stopped. */
        WatchReport keep(Duration time) {
            long middleNanos = startedNanos + time.toNanos() / 2;
            long endNanos = startedNanos + time.toNanos();
            SlotTraffic middle = atFlip;
            SlotTraffic now = total();
            while (System.nanoTime() - endNanos < 0 && !Judgement.isPlainlyWorse(before, now.since(atFlip))) {
                if (isStoppingWithin(LOOK_MILLIS)) {
                    return report(
                            new Judgement(Verdict.INCONCLUSIVE, "Turnout was stopped before its end"), now, middle);
                }
                now = total();
                if (System.nanoTime() - middleNanos < 0) {
                    middle = now;
                }
            }
            Latencies settled = now.since(middle).latencies();
            return report(Judgement.of(before, now.since(atFlip), settled), now, middle);
        }

        private SlotTraffic total() {
            return SlotTraffic.of(plane, service, to);
        }

        private WatchReport report(Judgement judgement, SlotTraffic now, SlotTraffic middle) {
            return new WatchReport(
                    judgement.verdict(),
                    judgement.reason(),
                    Duration.ofNanos(System.nanoTime() - startedNanos),
                    false,
                    from,
                    before,
                    to,
                    now.since(atFlip),
                    now.since(middle).latencies());
        }
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
