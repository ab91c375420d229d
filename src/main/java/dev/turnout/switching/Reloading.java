package dev.turnout.switching;

import dev.turnout.routing.NextSettings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Brings a configuration into force, in the order of a switch: lock, gate, warm-up, persist, publish, drain, report.
 *
 * <p>All services whose targets change are locked, so that no other change of theirs runs. A change of one service locks
 * that service, whatever changes of it. If one of them is being changed, the reload is refused. A new target of a serving
 * slot has to pass the gate. A target that leaves is drained, and so are all targets of a service that is removed. Any
 * refusal comes before the first change. If no key differs, new settings come into force, and no entry is written.
 */
public final class Reloading {

    private static final String WHAT = "reload";

    private final CurrentState current;
    private final ChangeSteps steps;
    private final Changes changes;
    private final Commit commit;
    private final Drain drain;
    private final ChangeRecorder recorder;
    private final FleetPart fleet;

    Reloading(
            CurrentState current,
            ChangeSteps steps,
            Changes changes,
            Commit commit,
            Drain drain,
            ChangeRecorder recorder,
            FleetPart fleet) {
        this.current = current;
        this.steps = steps;
        this.changes = changes;
        this.commit = commit;
        this.drain = drain;
        this.recorder = recorder;
        this.fleet = fleet;
    }

    /**
     * Begins a reload, and returns at once. Any thread.
     *
     * @return completes with the report, or exceptionally: nothing has changed then
     * @throws ChangeRefused if one of the services is being changed, or Turnout is being stopped
     */
    public CompletionStage<ReloadReport> begin(ReloadOrder order) {
        Set<String> names = new TreeSet<>(order.locked());
        planned(order).forEach(change -> names.add(change.service()));
        return changes.beginTogether(names, WHAT, order.note(), (locks, early) -> perform(order, locks));
    }

    private List<TargetChange> planned(ReloadOrder order) {
        return order.readsFilesOnly() ? List.of() : TargetChange.between(current.get(), order.services(), steps.now());
    }

    private ReloadReport perform(ReloadOrder order, Map<String, Change> locks) {
        Instant startedAt = steps.now();
        order.subject().ifPresent(subject -> subject.check(current.get()));
        List<TargetChange> planned = planned(order).stream()
                .filter(change -> locks.containsKey(change.service()))
                .toList();
        commit.refuseConfigured(planned);
        order.subject().ifPresent(subject -> refuseOthers(subject, planned));
        planned.forEach(change -> change.after().ifPresent(steps::refuseObjection));
        NextSettings settings = order.prepare().get();
        List<String> warnings = proveAll(order, planned, locks, settings);
        Map<String, Duration> ofRemoved = timeoutsOfRemoved(planned);
        List<TargetChange> made = enforce(order, planned, locks, settings);
        if (!order.readsFilesOnly()) {
            recorder.reloaded(order, made, current.get());
        }
        Map<String, DrainReport> drains = drains(order, made, ofRemoved, locks);
        return new ReloadReport(startedAt, steps.now(), made, drains, warnings);
    }

    /** A change of one service changes no other service. */
    private static void refuseOthers(ReloadOrder.Subject subject, List<TargetChange> planned) {
        for (TargetChange change : planned) {
            if (!change.service().equals(subject.service())) {
                throw new ChangeRefused(
                        ChangeRefused.Reason.BAD_CONFIGURATION,
                        "Service '" + change.service() + "' would change with service '" + subject.service()
                                + "'. Nothing has changed: bring the configuration into force with turnout reload"
                                + " first, then try again.");
            }
        }
    }

    /** Returns what is in force: a fleet may have decided on a service that is added. */
    private List<TargetChange> enforce(
            ReloadOrder order, List<TargetChange> planned, Map<String, Change> locks, NextSettings settings) {
        try (FleetMove move = move(planned, settings)) {
            commit.enforce(move.planned(), settings, order.force(), locks.values());
            order.inForce().run();
            return move.planned();
        }
    }

    private FleetMove move(List<TargetChange> planned, NextSettings settings) {
        try {
            return FleetMove.begin(fleet, planned);
        } catch (RuntimeException | Error e) {
            settings.giveUp();
            throw e;
        }
    }

    /** New targets are spoken to by the settings that come with them. */
    private List<String> proveAll(
            ReloadOrder order, List<TargetChange> planned, Map<String, Change> locks, NextSettings settings) {
        List<String> warnings = new ArrayList<>();
        try {
            planned.forEach(change -> warnings.addAll(prove(order, change, locks)));
        } catch (RuntimeException | Error e) {
            settings.giveUp();
            throw e;
        }
        return warnings;
    }

    /** Proves and warms up the targets that begin to get traffic. Returns what the operator should know. */
    private List<String> prove(ReloadOrder order, TargetChange change, Map<String, Change> locks) {
        List<Target> gaining = change.gaining();
        if (gaining.isEmpty()) {
            return List.of();
        }
        Service before = change.before().orElseThrow();
        String place = "new targets " + gaining;
        if (order.force()) {
            return List.of("Forced: " + place + " of service '" + before.name() + "' were not proved healthy.");
        }
        Change lock = lock(change, locks);
        steps.gate(before, place, gaining, lock);
        return steps.warmUp(before, place, gaining, lock).warnings();
    }

    private static Change lock(TargetChange change, Map<String, Change> locks) {
        return Objects.requireNonNull(locks.get(change.service()), change.service());
    }

    /** Returns how long requests of the services that leave may take. Once they are gone nobody knows that any more. */
    private Map<String, Duration> timeoutsOfRemoved(List<TargetChange> planned) {
        return planned.stream()
                .filter(change -> change.after().isEmpty())
                .collect(Collectors.toMap(TargetChange::service, change -> drain.timeout(change.service())));
    }

    private Map<String, DrainReport> drains(
            ReloadOrder order, List<TargetChange> planned, Map<String, Duration> ofRemoved, Map<String, Change> locks) {
        Map<String, DrainReport> drains = new LinkedHashMap<>();
        for (TargetChange change : planned) {
            if (!change.left().isEmpty()) {
                lock(change, locks).enter(Step.DRAIN);
                DrainReport drained = drain.await(
                        change.service(),
                        change.left(),
                        ofRemoved.getOrDefault(change.service(), drain.timeout(change.service())),
                        progress -> recorder.progress(ChangeEvent.drain(lock(change, locks), progress)));
                drains.put(change.service(), drained);
                recorder.left(order, change, drained);
            }
        }
        return drains;
    }
}
