package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.TrafficCounters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pause of a service, and its end.
 *
 * <p>A caller may wait for what was in flight at the pause. The lock is free by then, so that others can resume the
 * service, or make the switch that the pause was made for.
 */
public final class Pausing {

    private final RequestsInFlight inFlight;
    private final TrafficCounters counters;
    private final Changes changes;
    private final ChangeSteps steps;
    private final Drain drain;
    private final FleetPart fleet;
    private final Map<String, Instant> pausedSince = new ConcurrentHashMap<>();

    Pausing(
            CurrentState current,
            RequestsInFlight inFlight,
            TrafficCounters counters,
            Changes changes,
            ChangeSteps steps,
            Drain drain,
            FleetPart fleet) {
        this.inFlight = inFlight;
        this.counters = counters;
        this.changes = changes;
        this.steps = steps;
        this.drain = drain;
        this.fleet = fleet;
    }

    /** Takes over the pauses of the state that Turnout starts with. */
    void begin(RoutingState state) {
        state.services().values().stream()
                .filter(Service::paused)
                .forEach(service -> pausedSince.put(service.name(), service.since()));
    }

    /**
     * Begins a pause or ends it, and returns at once. Any thread.
     *
     * @return completes with the report, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<PauseReport> begin(PauseOrder order) {
        steps.service(order.service());
        Command command = order.paused() ? new Command.Pause() : new Command.Resume();
        return changes.begin(
                order.service(),
                command.describe(),
                order.note(),
                (change, early) -> perform(order, command, change),
                report -> order.untilDrained() ? drained(report) : report);
    }

    /**
     * Returns since when a service is paused; empty if the service is not paused. After a restart of Turnout this is the
     * time of the recorded state, which may be later than the pause.
     */
    Optional<Instant> since(Service service) {
        return service.paused() ? Optional.ofNullable(pausedSince.get(service.name())) : Optional.empty();
    }

    private PauseReport perform(PauseOrder order, Command command, Change change) {
        Service before = steps.before(order);
        StepResults results = StepResults.begun(before, change);
        Optional<Service> planned = steps.plan(before, command, change);
        if (planned.isEmpty()) {
            return report(results.warned(Optional.of(
                    "Nothing was done: the service " + (order.paused() ? "was" : "was not") + " paused already.")));
        }
        Service next = planned.get();
        if (order.paused()) {
            pausedSince.put(next.name(), next.since());
        }
        List<String> warnings = steps.commit(next, false, change);
        results = results.inForce(next, true).warned(canaryEnded(before, next)).warned(warnings);
        return steps.recorder().changed(change, report(results));
    }

    private static Optional<String> canaryEnded(Service before, Service next) {
        return next.paused() && before.canary().isPresent()
                ? Optional.of("The pause has ended the canary of " + before.canaryWeight() + " % at slot "
                        + before.idle() + ": resuming does not bring it back.")
                : Optional.empty();
    }

    private PauseReport report(StepResults results) {
        return report(results, Optional.empty());
    }

    private PauseReport report(StepResults results, Optional<Boolean> drained) {
        Service now = results.now();
        return new PauseReport(
                results, counters.held(now.name()), inFlight.inFlight(now.name(), now.allTargets()), drained);
    }

    private PauseReport drained(PauseReport report) {
        String name = report.service();
        DrainReport watched = drain.watch(name, report.now().allTargets(), () -> isToGoOn(name));
        boolean isHere = watched.drained() && steps.service(name).paused();
        SortedSet<String> elsewhere = isHere ? fleet.awaitQuiet(report.now(), () -> isToGoOn(name)) : new TreeSet<>();
        boolean isDrained = isHere && elsewhere.isEmpty() && steps.service(name).paused();
        PauseReport ended = report(report.results(), Optional.of(isDrained));
        return isDrained
                ? ended
                : ended.warned(Optional.of(elsewhere.isEmpty() ? whyNot(name, watched) : whyNot(elsewhere)));
    }

    private boolean isToGoOn(String service) {
        return steps.service(service).paused() && !changes.stopping().isDone();
    }

    private static String whyNot(SortedSet<String> members) {
        return "Not drained: member " + String.join(", ", members)
                + " of the fleet has requests in flight, or does not answer. The service stays paused and nothing was cut.";
    }

    private String whyNot(String service, DrainReport watched) {
        if (!steps.service(service).paused()) {
            return "Not drained: the service was resumed meanwhile.";
        }
        InFlight left = inFlight.inFlight(service, steps.service(service).allTargets());
        String tunnels = left instanceof InFlight.Known known && known.tunnels() > 0
                ? " (" + known.tunnels() + " of them WebSockets, which a pause leaves open)"
                : "";
        return "Not drained: " + watched.notKnown().orElse("Turnout is being stopped") + tunnels
                + ". The service stays paused and nothing was cut.";
    }
}
