package dev.turnout.switching;

import dev.turnout.config.Deadline;
import dev.turnout.fleet.FleetMember;
import dev.turnout.fleet.FleetMember.Decided;
import dev.turnout.fleet.FleetMember.Wanted;
import dev.turnout.fleet.FleetRefused;
import dev.turnout.fleet.FleetStatus;
import dev.turnout.fleet.Offers;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.TargetChange;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of this Turnout in a fleet: the fleet decides them, and their drains are those of all members. Without a
 * fleet, or outside of it, nothing here does anything.
 */
public final class FleetPart {

    /** How long the reports of drains may take on their way. */
    private static final Duration REPORTS = Duration.ofSeconds(20);

    /** How often other members are asked whether they have drained. */
    private static final long ASK_MILLIS = 100;

    private final Map<String, Decided> decided = new ConcurrentHashMap<>();
    private final HeldInDoubt heldInDoubt = new HeldInDoubt();
    private final SwitchTimes times;
    private volatile @Nullable FleetMember member;

    FleetPart(SwitchTimes times) {
        this.times = times;
    }

    /** Gives this Turnout a place that it may take. Called once, before the first change. */
    void of(FleetMember place) {
        member = place;
    }

    /** Returns the services whose requests wait for a decision that this member can't learn. */
    public HeldInDoubt heldInDoubt() {
        return heldInDoubt;
    }

    /** Returns the place of this Turnout; empty without a fleet in the configuration. */
    public Optional<FleetMember> member() {
        return Optional.ofNullable(member);
    }

    /** Returns the place if changes are decided by the fleet. */
    private Optional<FleetMember> inside() {
        return member().filter(FleetMember::isMember);
    }

    /** Returns true if changes are decided by the fleet. */
    boolean decides() {
        return inside().isPresent();
    }

    /** Returns the targets that somebody renews at any member; empty outside of a fleet. */
    Optional<Offers> offers() {
        return inside().flatMap(FleetMember::offers);
    }

    /** Returns who does for a service what one member does for all. */
    Election election(String service) {
        return inside().map(place ->
                        Election.of(place.elected(service), place.settings().member()))
                .orElse(Election.ALONE);
    }

    /**
     * Has the fleet decide the next states of services. Blocks until they are in force here.
     *
     * @param isForced whether the members do not prove the targets
     * @param note names the members that are left out
     * @return what the operator should know of it, by service
     * @throws ChangeRefused if it was not decided, or if nothing is known
     */
    Map<String, List<String>> decide(RoutingState now, List<Service> next, boolean isForced, ChangeNote note) {
        FleetMember place = inside().orElseThrow();
        List<Wanted> wanted =
                next.stream().map(service -> wanted(now, service, isForced)).toList();
        try {
            Map<String, List<String>> warnings = new TreeMap<>();
            place.decide(wanted, note.without(), note.key()).forEach((service, made) -> {
                decided.put(service, made);
                warnings.put(service, behind(made));
            });
            return warnings;
        } catch (FleetRefused refused) {
            throw refusal(refused);
        }
    }

    private static Wanted wanted(RoutingState now, Service next, boolean isForced) {
        Service before = now.service(next.name()).orElse(next);
        return new Wanted(before, next, !isForced && before.active() != next.active());
    }

    private static List<String> behind(Decided made) {
        return made.behind().isEmpty()
                ? List.of()
                : List.of("Not known yet to be in force at member " + String.join(", ", made.behind())
                        + " of the fleet. It follows as soon as it reaches etcd.");
    }

    /** Returns what a refusal of the fleet is to a caller. */
    public static ChangeRefused refusal(FleetRefused refused) {
        ChangeRefused.Reason reason =
                switch (refused.reason()) {
                    case UNREACHABLE -> ChangeRefused.Reason.FLEET_UNREACHABLE;
                    case EXISTS -> ChangeRefused.Reason.FLEET_EXISTS;
                    case NO_FLEET -> ChangeRefused.Reason.NO_FLEET;
                    case DIFFERS -> ChangeRefused.Reason.FLEET_DIFFERS;
                    case NO_MEMBER -> ChangeRefused.Reason.NO_MEMBER;
                    case MEMBER_MISSING -> ChangeRefused.Reason.MEMBER_MISSING;
                    case MEMBER_AGAINST -> ChangeRefused.Reason.MEMBER_REFUSED;
                    case MEMBER_SLOW -> ChangeRefused.Reason.MEMBER_SLOW;
                    case BUSY -> ChangeRefused.Reason.BUSY;
                    case OVERTAKEN -> ChangeRefused.Reason.OVERTAKEN;
                    case IN_ORDER -> ChangeRefused.Reason.FLEET_IN_ORDER;
                    case TOO_MANY -> ChangeRefused.Reason.INVALID;
                    case MADE -> ChangeRefused.Reason.ALREADY_MADE;
                    case NO_CHANGE -> ChangeRefused.Reason.NO_CHANGE;
                    case NOT_KNOWN -> ChangeRefused.Reason.FLEET_NOT_KNOWN;
                };
        ChangeRefused refusal = new ChangeRefused(reason, String.valueOf(refused.getMessage()));
        return refused.members().isEmpty()
                ? refusal
                : refusal.with("members", new JsonArray(List.copyOf(refused.members())));
    }

    /** Returns what is known of a change of the fleet that has just come into force; empty without a fleet. */
    Optional<FleetReport> begun(Service now) {
        return Optional.ofNullable(decided.get(now.name()))
                .filter(made -> decides())
                .map(made -> FleetReport.open(now.revision(), made.change(), made.behind()));
    }

    /** Blocks until all members have drained what a change has left, or their time is over. */
    FleetReport awaitDrain(Service now) {
        Decided made = decided.get(now.name());
        List<String> behind = made == null ? List.of() : List.copyOf(made.behind());
        if (made == null) {
            return FleetReport.open(now.revision(), "", behind);
        }
        try {
            long most = times.drain(now.name()).plus(REPORTS).toMillis();
            FleetReceipt receipt = made.receipt().get(most, TimeUnit.MILLISECONDS);
            return FleetReport.of(now.revision(), receipt, behind);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FleetReport.open(now.revision(), made.change(), behind);
        } catch (ExecutionException | TimeoutException e) {
            return FleetReport.open(now.revision(), made.change(), behind);
        }
    }

    /**
     * Blocks until no other member has requests of a service in flight, the time of a drain has passed, or waiting is to end.
     *
     * @return the members that may have some: they have, they do not serve by the decision yet, or they do not answer
     */
    SortedSet<String> awaitQuiet(Service now, BooleanSupplier isToGoOn) {
        Optional<FleetMember> place = inside();
        if (place.isEmpty()) {
            return new TreeSet<>();
        }
        Deadline deadline = Deadline.after(times.drain(now.name()));
        SortedSet<String> busy = place.get().busy(now);
        try {
            while (!busy.isEmpty() && !deadline.isOver() && isToGoOn.getAsBoolean()) {
                TimeUnit.MILLISECONDS.sleep(ASK_MILLIS);
                busy = place.get().busy(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return busy;
    }

    /** Returns what the members see of a switch that has just come into force, until it is closed. */
    WatchedMembers watched(Service now) {
        return new WatchedMembers(inside().flatMap(place -> place.watch(now.name(), now.revision())));
    }

    /** Returns the note of the way back of a switch: another change, and members that are missing do not bar it. */
    ChangeNote back(ChangeNote note) {
        SortedSet<String> without = new TreeSet<>(note.without());
        status().ifPresent(fleet -> without.addAll(fleet.missing()));
        return new ChangeNote(note.caller(), note.by(), note.version(), note.note(), Optional.empty(), without);
    }

    /** Returns what is known of the fleet; empty outside of it. */
    public Optional<FleetStatus> status() {
        return inside().map(FleetMember::status);
    }

    /**
     * Refuses a configuration that has other targets for a service than are in force: in a fleet they are part of what is
     * decided.
     *
     * @param changes of the services by the configuration
     */
    void refuseConfigured(List<TargetChange> changes) {
        Set<String> apart = status().map(fleet -> fleet.apart().keySet()).orElse(Set.of());
        changes.stream()
                .filter(change -> change.before().isPresent() && change.after().isPresent() && decides())
                .filter(change -> !apart.contains(change.service()))
                .findFirst()
                .ifPresent(change -> {
                    throw new ChangeRefused(
                            ChangeRefused.Reason.FLEET_DIFFERS,
                            "The configuration has other targets for service '" + change.service()
                                    + "' than the fleet has decided. Nothing has changed: the"
                                    + " decided targets serve. Give the configuration those that turnout targets shows,"
                                    + " then reload. A change of targets is made by turnout targets.");
                });
    }

    /** Returns the state to start with: what the disk says of the fleet's decisions goes before what the file says. */
    static RoutingState startingWith(RoutingState configured, RoutingState decided) {
        RoutingState state = configured;
        for (Service service : decided.services().values()) {
            if (state.service(service.name()).isPresent()) {
                state = state.with(service);
            }
        }
        return state;
    }
}
