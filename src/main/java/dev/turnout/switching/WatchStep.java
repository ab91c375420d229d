package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.switching.FleetCourse.Sides;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The watch as a step of a switch, after the publish. The errors and latencies of the new slot are compared with those of
 * the old slot in the last minutes: in a fleet those that all members have seen.
 */
final class WatchStep {

    private static final long LOOK_MILLIS = 100;
    private static final Duration PROGRESS = Duration.ofSeconds(1);

    /** How much longer a watch may take for a member of the fleet that has said nothing. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final CurrentState current;
    private final TrafficCounters counters;
    private final TrafficHistory history;
    private final FleetPart fleet;
    private final CompletableFuture<Void> stopping;

    WatchStep(
            CurrentState current,
            TrafficCounters counters,
            TrafficHistory history,
            FleetPart fleet,
            CompletableFuture<Void> stopping) {
        this.current = current;
        this.counters = counters;
        this.history = history;
        this.fleet = fleet;
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
            FleetCourse course = new FleetCourse(time);
            WatchCourse all = course.all();
            try (WatchedMembers members = fleet.watched(current.service(service.name()))) {
                while (true) {
                    boolean isStopping = isStoppingWithin(LOOK_MILLIS);
                    Duration passed = Duration.ofNanos(System.nanoTime() - startedNanos);
                    SlotTraffic after = SlotTraffic.of(counters, service, to).since(atFlip);
                    course.look(passed, members.said(new Sides(before, after)));
                    SortedSet<String> others = members.others();
                    if (isOver(passed, time, course.silent(others).isEmpty())) {
                        Judgement judgement = members.isBlind() ? Judgement.blind() : course.judge(others);
                        return report(judgement, passed, all, all.whole(), all.settled());
                    }
                    if (!isServing()) {
                        return report(Judgement.takenBack(), passed, all, all.after(), all.settled());
                    }
                    if (isStopping) {
                        return report(Judgement.stopped(), passed, all, all.after(), all.settled());
                    }
                    if (course.isPlainlyWorse()) {
                        return report(course.early(), passed, all, all.after(), Latencies.NONE);
                    }
                    if (pace.isDue()) {
                        Duration left = passed.compareTo(time) < 0 ? time.minus(passed) : Duration.ZERO;
                        progress.accept(new WatchProgress(from, all.before(), to, all.after(), passed, left));
                    }
                }
            }
        }

        /** A member that has said nothing yet has a little more time: in a short watch it may just have been asked. */
        private boolean isOver(Duration passed, Duration time, boolean haveAllSaid) {
            return passed.compareTo(haveAllSaid ? time : time.plus(GRACE)) >= 0;
        }

        /** Returns true if the watched slot is still active: nobody has taken the switch back. */
        boolean isServing() {
            return current.service(service.name()).active() == to;
        }

        private WatchReport report(
                Judgement judgement, Duration passed, WatchCourse all, SlotTraffic after, Latencies settled) {
            return new WatchReport(
                    judgement.verdict(), judgement.reason(), passed, false, from, all.before(), to, after, settled);
        }
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
