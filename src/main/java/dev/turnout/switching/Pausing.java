package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCounters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Pauses a service and resumes it.
 *
 * <p>What was in flight at a pause may be waited for. The lock is free by then: whoever waits must not keep others from
 * resuming, or from the switch that the pause was made for.
 */
public final class Pausing {

    private final CurrentState current;
    private final RoutingWarnings routing;
    private final RequestsInFlight inFlight;
    private final TrafficCounters counters;
    private final Changes changes;
    private final Planner planner;
    private final Commit commit;
    private final Drain drain;
    private final ChangeRecorder chronicle;
    private final Map<String, Instant> pausedSince = new ConcurrentHashMap<>();

    Pausing(
            CurrentState current,
            RoutingWarnings routing,
            RequestsInFlight inFlight,
            TrafficCounters counters,
            Changes changes,
            Planner planner,
            Commit commit,
            Drain drain,
            ChangeRecorder chronicle) {
        this.current = current;
        this.routing = routing;
        this.inFlight = inFlight;
        this.counters = counters;
        this.changes = changes;
        this.planner = planner;
        this.commit = commit;
        this.drain = drain;
        this.chronicle = chronicle;
        current.get().services().values().stream()
                .filter(Service::paused)
                .forEach(service -> pausedSince.put(service.name(), service.since()));
    }

    /**
     * Begins a pause or ends it; any thread, returns at once.
     *
     * @return completes with the report, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<PauseReport> begin(PauseOrder order) {
        current.service(order.service());
        Command command = order.paused() ? new Command.Pause() : new Command.Resume();
        return changes.begin(
                order.service(),
                command.describe(),
                order.who(),
                (change, early) -> perform(order, command, change),
                report -> order.untilDrained() ? drained(report) : report);
    }

    /** Since when a service is paused; if it was paused before this Turnout was started, at least since then. */
    Optional<Instant> since(Service service) {
        return service.paused() ? Optional.ofNullable(pausedSince.get(service.name())) : Optional.empty();
    }

    private PauseReport perform(PauseOrder order, Command command, Change change) {
        Service before = current.service(order.service());
        order.expectation().check(before);
        Optional<Service> planned = planner.next(before, command, change);
        if (planned.isEmpty()) {
            String said = "Nothing was done: the service " + (order.paused() ? "was" : "was not") + " paused already.";
            return report(false, before, change, List.of(said));
        }
        Service next = planned.get();
        if (order.paused()) {
            pausedSince.put(next.name(), next.since());
        }
        commit.enforce(next, false, change);
        PauseReport report = report(true, next, change, warnings(before, next));
        return report.warned(chronicle.changed(change, next, PauseJson.of(report), report.warnings()));
    }

    private List<String> warnings(Service before, Service next) {
        List<String> warnings = new ArrayList<>();
        if (next.paused() && before.canary().isPresent()) {
            warnings.add("The pause has ended the canary of " + before.canaryWeight() + " % at slot " + before.idle()
                    + ": resuming does not bring it back.");
        }
        warnings.addAll(routing.warnings(next.name()));
        return warnings;
    }

    private PauseReport report(boolean changed, Service now, Change change, List<String> warnings) {
        return new PauseReport(
                changed,
                now,
                counters.held(now.name()),
                inFlight.inFlight(now.name(), targets(now)),
                change.since(),
                Optional.empty(),
                warnings);
    }

    private static List<Target> targets(Service service) {
        return Stream.of(Slot.values())
                .flatMap(slot -> service.pool(slot).targets().stream())
                .distinct()
                .toList();
    }

    private PauseReport drained(PauseReport report) {
        String name = report.now().name();
        DrainReport watched = drain.watch(name, targets(report.now()), () -> isToGoOn(name));
        boolean isDrained = watched.drained() && current.service(name).paused();
        PauseReport ended = new PauseReport(
                report.changed(),
                report.now(),
                counters.held(name),
                inFlight.inFlight(name, targets(report.now())),
                report.startedAt(),
                Optional.of(isDrained),
                report.warnings());
        return isDrained ? ended : ended.warned(Optional.of(whyNot(name, watched)));
    }

    private boolean isToGoOn(String service) {
        return current.service(service).paused() && !changes.stopping().isDone();
    }

    private String whyNot(String service, DrainReport watched) {
        if (!current.service(service).paused()) {
            return "Not drained: the service was resumed meanwhile.";
        }
        InFlight left = inFlight.inFlight(service, targets(current.service(service)));
        String tunnels = left instanceof InFlight.Known known && known.tunnels() > 0
                ? " (" + known.tunnels() + " of them WebSockets, which a pause leaves open)"
                : "";
        return "Not drained: " + watched.notKnown().orElse("Turnout is being stopped") + tunnels
                + ". The service stays paused and nothing was cut.";
    }
}
