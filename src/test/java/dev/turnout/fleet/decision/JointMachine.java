package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetAction.Hold;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetAction.Publish;
import dev.turnout.fleet.decision.FleetAction.Record;
import dev.turnout.fleet.decision.FleetAction.Release;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A machine that takes part in changes of two services: its process with the production classes, its disk, and what it has
 * sent. One step changes a copy of it, and the store.
 */
final class JointMachine {

    /** The services, with the ids of their changes. */
    static final SortedMap<String, String> SERVICES = new TreeMap<>(Map.of("api", "c1", FleetFixture.SHOP, "c2"));

    final String name;
    final int starts;
    boolean up = true;
    SortedMap<String, OwnRecord> disk = new TreeMap<>();
    SortedMap<String, Participant> parts = new TreeMap<>();
    SortedMap<String, Integer> served = new TreeMap<>();
    SortedSet<String> closed = new TreeSet<>();
    List<StoreUpdate> wire = List.of();

    @Nullable
    JointCoordinator change;

    private JointMachine(String name, int starts) {
        this.name = name;
        this.starts = starts;
    }

    /** Returns a machine that serves epoch 0 of both services. */
    static JointMachine serving(String name) {
        JointMachine machine = new JointMachine(name, 0);
        SERVICES.keySet().forEach(service -> machine.disk.put(service, new OwnRecord(decision(service, 0), null)));
        return machine.restarted();
    }

    static Decision decision(String service, int epoch) {
        return new Decision(FleetFixture.service(service, epoch), "c0");
    }

    String process() {
        return name + "." + starts;
    }

    Seat seat(String service) {
        return new Seat(service, name, process(), 1);
    }

    private JointMachine copy(int processes) {
        JointMachine copy = new JointMachine(name, processes);
        copy.up = up;
        copy.disk = new TreeMap<>(disk);
        copy.parts = new TreeMap<>(parts);
        copy.served = new TreeMap<>(served);
        copy.closed = new TreeSet<>(closed);
        copy.wire = wire;
        copy.change = change;
        return copy;
    }

    JointMachine copy() {
        return copy(starts);
    }

    JointMachine crashed() {
        JointMachine down = copy();
        down.up = false;
        down.parts.clear();
        down.served.clear();
        down.closed.clear();
        down.change = null;
        return down;
    }

    /** Starts another process from the disk, which does not wait for the store. */
    JointMachine restarted() {
        JointMachine next = copy(starts + 1);
        next.up = true;
        disk.forEach((service, record) -> {
            next.closed.add(service);
            next.served.put(service, FleetFixture.epoch(record.decision()));
            Participant part = Participant.started(next.seat(service), FleetFixture.LIFE, record)
                    .next();
            Reaction<Participant> reaction = part.on(new ParticipantEvent.StartAlone());
            next.parts.put(service, reaction.next());
            if (reaction.actions().contains(new Release())) {
                next.closed.remove(service);
            }
        });
        return next;
    }

    boolean isServing(String service) {
        return up && !closed.contains(service);
    }

    boolean isBound(String service) {
        return up && parts.get(service).bound() != null;
    }

    SortedSet<String> led() {
        return change == null ? new TreeSet<>() : new TreeSet<>(SERVICES.values());
    }

    /** Takes an event of a service. Returns the store after what that sends. */
    @Nullable
    StoreContents give(String service, ParticipantEvent event, StoreContents store) {
        Reaction<Participant> reaction = parts.get(service).on(event);
        parts.put(service, reaction.next());
        return carryOut(service, reaction.actions(), store);
    }

    /** Takes an event of the change that it leads. Returns the store after what that sends; null if it can't be sent now. */
    @Nullable
    StoreContents lead(Reaction<JointCoordinator> reaction, JointMutation missing, StoreContents store) {
        boolean isDecided = reaction.next().isDecided();
        change = isDecided || reaction.next().isOver() ? null : reaction.next();
        List<FleetAction> actions = isDecided
                ? List.of()
                : reaction.actions().stream()
                        .flatMap(action -> action instanceof Send send
                                ? missing.sent(send.update()).stream().map(Send::new)
                                : List.of(action).stream())
                        .collect(Collectors.toList());
        return carryOut("", actions, store);
    }

    private @Nullable StoreContents carryOut(String service, List<FleetAction> actions, StoreContents store) {
        StoreContents now = store;
        for (FleetAction action : actions) {
            if (action instanceof Record record) {
                disk.put(service, record.record());
            } else if (action instanceof Hold) {
                closed.add(service);
            } else if (action instanceof Release) {
                closed.remove(service);
            } else if (action instanceof Publish publish) {
                served.put(service, FleetFixture.epoch(publish.decision()));
                closed.remove(service);
            } else if (action instanceof Send send) {
                now = send(send.update(), now);
                if (now == null) {
                    return null;
                }
            }
        }
        return now;
    }

    /** Returns the store after an update; null if it can't be sent now. Slow ones are under way from then on. */
    @Nullable
    StoreContents send(StoreUpdate update, StoreContents store) {
        if (update.purpose() == Purpose.APPLIED) {
            return store;
        }
        if (!Draft.SLOW.contains(update.purpose())) {
            return ModelStore.apply(store, update);
        }
        if (!wire.contains(update)) {
            if (wire.stream().anyMatch(other -> isLike(other, update))) {
                return null;
            }
            List<StoreUpdate> next = new ArrayList<>(wire);
            next.add(update);
            next.sort((a, b) -> a.toString().compareTo(b.toString()));
            wire = List.copyOf(next);
        }
        return store;
    }

    private static boolean isLike(StoreUpdate one, StoreUpdate other) {
        return one.purpose() == other.purpose()
                && key(one.then().get(0)).equals(key(other.then().get(0)));
    }

    /** Returns the path of what an edit writes. */
    static String key(Edit edit) {
        return edit instanceof Edit.Put put
                ? put.key().path()
                : ((Edit.Delete) edit).key().path();
    }

    void unwire(StoreUpdate update) {
        wire = wire.stream().filter(other -> !other.equals(update)).toList();
    }

    private List<Object> all() {
        return List.of(name, starts, up, disk, parts, served, closed, wire, change == null ? "" : change);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JointMachine machine && all().equals(machine.all());
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }
}
