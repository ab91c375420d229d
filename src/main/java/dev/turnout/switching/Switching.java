package dev.turnout.switching;

import dev.turnout.fleet.FleetMember;
import dev.turnout.fleet.FleetSettings;
import dev.turnout.fleet.OwnRecords;
import dev.turnout.health.Gate;
import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.WarmUp;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.NameLookUp;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.store.Journal;
import dev.turnout.store.StateStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/**
 * The parts of this package, put together for one state folder and one traffic plane.
 *
 * @param current the state in force
 * @param announcer the source of events
 * @param changes the changes that run
 * @param commit puts states in force and records them
 * @param history of the traffic of the active slots
 * @param switcher the switch
 * @param jointSwitcher the switch of several services in one step
 * @param adjuster canary, rotation and targets
 * @param leases the times of targets that have to be renewed
 * @param names the configured names whose addresses are targets
 * @param containers the containers that become targets
 * @param pausing pause and resume
 * @param maintaining begins and ends maintenance
 * @param rehearsing begins and ends rehearsals
 * @param reloading brings configurations into force
 * @param warnings for operators
 * @param activeSlotCheck runs once after the start
 * @param fleet the part of this Turnout in a fleet
 * @param fleetEntry the way into a fleet, and out of it
 */
public record Switching(
        CurrentState current,
        Announcer announcer,
        Changes changes,
        Commit commit,
        TrafficHistory history,
        Switcher switcher,
        JointSwitcher jointSwitcher,
        Adjuster adjuster,
        Leases leases,
        NameFollower names,
        ContainerFollower containers,
        Pausing pausing,
        Maintaining maintaining,
        Rehearsing rehearsing,
        Reloading reloading,
        OperatorWarnings warnings,
        ActiveSlotCheck activeSlotCheck,
        FleetPart fleet,
        FleetEntry fleetEntry) {

    /** Puts the parts together, and starts nothing. There are no services before {@link #begin}. */
    public static Switching assemble(
            StateStore store,
            Journal journal,
            TrafficCapabilities traffic,
            HealthMonitor monitor,
            Gate gate,
            WarmUp warmUp,
            SwitchTimes times,
            NameLookUp lookUp,
            Optional<ContainerSource> engine,
            ActiveSlotCheck.Rules startRules,
            Optional<FleetSettings> inFleet,
            Clock clock) {
        CurrentState current = new CurrentState();
        Announcer announcer = new Announcer();
        ChangeRecorder recorder = new ChangeRecorder(journal, announcer, clock);
        Changes changes = new Changes(announcer, recorder, clock);
        FleetPart fleet = new FleetPart(times);
        Commit commit = new Commit(store, traffic.plane(), traffic.warnings(), current, fleet);
        Drain drain = new Drain(traffic.inFlight(), traffic.drain(), times);
        SlotVersions versions = new SlotVersions();
        ChangeSteps steps = new ChangeSteps(
                current,
                versions,
                new RehearsalStep(traffic.rehearsal(), times.rehearsals(), changes, announcer),
                new GateStep(gate, traffic.targets(), changes, announcer, times),
                new WarmUpStep(warmUp, traffic.connectAhead(), changes, announcer),
                commit,
                drain,
                fleet,
                recorder,
                monitor,
                clock);
        TrafficHistory history = new TrafficHistory(current, traffic.counters());
        Adjuster adjuster = new Adjuster(steps, changes, current);
        Leases leases = new Leases(current, changes, adjuster, monitor, clock, fleet::election, fleet::offers);
        NameFollower names = new NameFollower(current, changes, adjuster, gate, times, lookUp, fleet::election);
        ContainerFollower containers =
                new ContainerFollower(current, changes, adjuster, gate, times, engine, store.folder());
        WatchStep watch = new WatchStep(current, traffic.counters(), history, fleet, changes.stopping());
        SlotHealth health = new SlotHealth(monitor);
        SwitchParts parts = new SwitchParts(steps, history, containers);
        Switcher switcher = new Switcher(steps, changes, parts, watch, health);
        Pausing pausing = new Pausing(current, traffic.inFlight(), traffic.counters(), changes, steps, drain, fleet);
        FleetFollower follower = new FleetFollower(
                traffic,
                current,
                commit,
                drain,
                gate,
                monitor,
                history,
                versions,
                changes,
                announcer,
                times,
                fleet.heldInDoubt());
        inFleet.ifPresent(
                settings -> fleet.of(new FleetMember(settings, new OwnRecords(store.folder()), follower, clock)));
        monitor.addListener((service, target, before, after) -> versions.healthChanged(service, target, after));
        monitor.addListener((service, target, before, after) ->
                announcer.announce(ChangeEvent.health(service, target, before, after)));
        monitor.addListener((service, target, after) ->
                traffic.targets().probed(service, target, after.badInARow() == 0, after.health() == Health.DOWN));
        return new Switching(
                current,
                announcer,
                changes,
                commit,
                history,
                switcher,
                new JointSwitcher(steps, changes, parts),
                adjuster,
                leases,
                names,
                containers,
                pausing,
                new Maintaining(changes, steps),
                new Rehearsing(traffic.rehearsal(), times.rehearsals(), current, announcer),
                new Reloading(current, steps, changes, commit, drain, recorder, fleet),
                new OperatorWarnings(
                        health, traffic.warnings(), changes, commit, pausing, leases, names, containers, fleet),
                new ActiveSlotCheck(current, health, switcher, changes, startRules),
                fleet,
                new FleetEntry(fleet, current, changes));
    }

    /**
     * Takes this Turnout's place in its fleet again, if it has one. Called once, after {@link #begin} and before the front
     * is started. Blocks until it is known what the fleet has decided.
     *
     * @throws IOException if the disk can't be read; the message is half a sentence
     */
    public void enterFleet() throws IOException {
        if (fleet.member().isPresent()) {
            RoutingState recorded = fleet.member().get().recorded();
            current.set(FleetPart.startingWith(current.get(), recorded));
            fleet.member().get().start();
        }
    }

    /** Takes over the state that Turnout starts with. Called once, before the first change. */
    public void begin(RoutingState initial) {
        current.set(initial);
        pausing.begin(initial);
    }
}
