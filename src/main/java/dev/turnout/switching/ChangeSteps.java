package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.health.HealthMonitor;
import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The steps that every change of a service is made of, in the order of their methods: plan, gate, warm up, commit,
 * drain, record. A step may block. Up to the commit a step refuses the change by {@link ChangeRefused}; after the commit
 * what goes wrong is a warning in the report.
 */
final class ChangeSteps {

    private final CurrentState current;
    private final SlotVersions versions;
    private final RehearsalStep rehearsal;
    private final GateStep gate;
    private final WarmUpStep warmUp;
    private final Commit commit;
    private final Drain drain;
    private final FleetPart fleet;
    private final ChangeRecorder recorder;
    private final HealthMonitor monitor;
    private final Clock clock;

    ChangeSteps(
            CurrentState current,
            SlotVersions versions,
            RehearsalStep rehearsal,
            GateStep gate,
            WarmUpStep warmUp,
            Commit commit,
            Drain drain,
            FleetPart fleet,
            ChangeRecorder recorder,
            HealthMonitor monitor,
            Clock clock) {
        this.current = current;
        this.versions = versions;
        this.rehearsal = rehearsal;
        this.gate = gate;
        this.warmUp = warmUp;
        this.commit = commit;
        this.drain = drain;
        this.fleet = fleet;
        this.recorder = recorder;
        this.monitor = monitor;
        this.clock = clock;
    }

    /**
     * Returns a service as it is now.
     *
     * @throws ChangeRefused if there is none of this name
     */
    Service service(String name) {
        return current.service(name);
    }

    /**
     * Returns a service as it is before a change.
     *
     * @throws ChangeRefused if the service is at another revision than the order expects
     */
    Service before(ChangeOrder order) {
        Service before = service(order.service());
        order.expectation().check(before);
        return before;
    }

    /**
     * Returns what a service would be after a command; empty if the service is so already. Changes nothing.
     *
     * @param change that the new state's {@code why} tells of
     * @throws ChangeRefused if the command is not legal now
     */
    Optional<Service> plan(Service before, Command command, Change change) {
        return plan(
                before,
                command,
                change.what() + ", asked for by " + change.note().asker());
    }

    /** Returns the same as {@link #plan(Service, Command, Change)}, with other words for the new state's {@code why}. */
    Optional<Service> plan(Service before, Command command, String why) {
        Outcome outcome = Transition.apply(before, command, clock.instant(), why);
        if (outcome instanceof Refused refused) {
            throw Refusals.of(refused, before);
        }
        return outcome instanceof Changed changed ? Optional.of(changed.service()) : Optional.empty();
    }

    /** Refuses a planned state that what carries the traffic would object to, before time is spent on the state. */
    void refuseObjection(Service next) {
        commit.refuseObjection(next);
    }

    /** Returns what the gate has seen of targets that have passed it. */
    GateReport gate(Service before, String place, List<Target> targets, Change change) {
        return gate.of(before, place, targets, change);
    }

    /** Returns what the rehearsal says of the idle slot; empty if the switch takes none. Blocks until it says something. */
    Optional<RehearsalReport> rehearsal(Service before, Change change) {
        return rehearsal.of(before, change);
    }

    /** Returns what the warm-up of targets has come to. */
    WarmUpOutcome warmUp(Service before, String place, List<Target> targets, Change change) {
        return warmUp.of(before, place, targets, change);
    }

    /**
     * Puts a state in force.
     *
     * @param force whether to overwrite what somebody else has changed
     * @return what the operator should know of it
     */
    List<String> commit(Service next, boolean force, Change change) {
        return commit(List.of(next), force, Map.of(next.name(), change)).getOrDefault(next.name(), List.of());
    }

    /** Puts the states of services in force, of all or of none. Returns what the operator should know of each. */
    Map<String, List<String>> commit(List<Service> next, boolean force, Map<String, Change> changes) {
        Map<String, List<String>> warnings = commit.enforce(next, force, changes);
        inForce(next, changes);
        return warnings;
    }

    /** Puts the state of a service from before a switch in force again. It was not left long, so nobody proves it anew. */
    void commitBack(Service back, Change change) {
        commit.enforceBack(back, change);
        inForce(List.of(back), Map.of(back.name(), change));
    }

    private void inForce(List<Service> next, Map<String, Change> changes) {
        next.forEach(service -> versions.inForce(
                service, Objects.requireNonNull(changes.get(service.name())).since()));
        monitor.watch(current::get);
    }

    /**
     * Returns a planned state with the release of the slot that gets traffic.
     *
     * @param isSame whether the change is about the build that the slot has already, as a rollback is
     */
    Service withRelease(Service next, Slot slot, boolean isSame, Change change) {
        return versions.recorded(next, slot, isSame, change);
    }

    /**
     * Puts the state in force once more, if somebody else has changed where the traffic goes.
     *
     * @param force whether to overwrite what somebody else has changed; without it the change is refused
     * @return whether the change was overwritten
     */
    boolean putRight(Service now, boolean force, Change change) {
        boolean hasDrifted = commit.hasDrifted();
        if (hasDrifted) {
            commit.enforce(now, force, change);
        }
        return hasDrifted;
    }

    /**
     * Drains targets that get no new requests any more, and records the end of the change.
     *
     * @param place where the targets are, in words
     */
    <R extends Report<R>> R drain(R report, String place, Collection<Target> left, Change change) {
        return drain(report, place, Drain.Subject.of(left), change);
    }

    /** As {@link #drain(Report, String, Collection, Change)}, for what others may change meanwhile. */
    <R extends Report<R>> R drain(R report, String place, Drain.Subject left, Change change) {
        change.enter(Step.DRAIN);
        if (fleet.decides()) {
            return drainTogether(report, place, change);
        }
        DrainReport drained =
                drain.await(report.service(), left, progress -> recorder.progress(ChangeEvent.drain(change, progress)));
        return recorder.drained(change, place, drained, ended(report, place, drained));
    }

    /** Every member drains by itself, this one too. */
    private <R extends Report<R>> R drainTogether(R report, String place, Change change) {
        FleetReport all = fleet.awaitDrain(report.now());
        DrainReport drained = FleetDrain.sum(all);
        R ended = ended(report, place, drained);
        return recorder.drained(
                change,
                place,
                drained,
                ended.with(ended.results().inFleet(Optional.of(all)).warned(all.warnings())));
    }

    /** Returns what is known of a change at the members of the fleet; empty without a fleet. */
    Optional<FleetReport> fleet(Service now) {
        return fleet.begun(now);
    }

    /**
     * Returns what is in flight now at targets; nobody waits for the end of it. Of a fleet this is one member's word, so nothing
     * is drained by it.
     */
    DrainReport look(Service now, Collection<Target> left) {
        DrainReport here = drain.look(now.name(), left);
        return fleet.decides() && here.drained()
                ? here.doubted(
                        "only this member of the fleet was looked at; the change that was made has the report of all")
                : here;
    }

    /** Returns a report that has come to its end by a drain, with a warning if that is in doubt. */
    <R extends Report<R>> R ended(R report, String place, DrainReport drained) {
        return report.with(report.results().drained(drained).finished(now()).warned(drained.doubt(place)));
    }

    /** Returns what records the change. */
    ChangeRecorder recorder() {
        return recorder;
    }

    /** Returns the time. */
    Instant now() {
        return clock.instant();
    }
}
