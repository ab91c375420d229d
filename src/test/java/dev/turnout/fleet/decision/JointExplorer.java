package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.CoordinatorEvent.TimeOver;
import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.ParticipantEvent.PatienceOver;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that two members can reach while one of them changes two services in one step, by the production
 * classes. J1: both services are decided, or none is. J2: no member serves the old slot of one service while a member serves
 * the new slot of one. And from every state all can settle without a further fault.
 */
final class JointExplorer {

    /** A state in numbers: the store, both machines, and how many changes and crashes are left. */
    private record State(int store, List<Integer> machines, int changes, int crashes) {}

    /** What a machine may do next, by its number and that of the store. */
    private record Moment(int machine, int store, boolean mayBegin, boolean mayCrash) {}

    private record Move(String name, boolean isFault, int machine, int store, int changes, int crashes) {}

    private final JointMutation missing;
    private final int crashes;
    private final Interned<StoreContents> stores = new Interned<>();
    private final Interned<JointMachine> machines = new Interned<>();
    private final Interned<State> states = new Interned<>();
    private final Map<Moment, List<Move>> moves = new HashMap<>();
    private final StepGraph graph = new StepGraph();
    private final List<Integer> parents = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private @Nullable String violation;
    private int foundAt;
    private long edges;

    JointExplorer(JointMutation missing, int crashes) {
        this.missing = missing;
        this.crashes = crashes;
    }

    Found explore(int most) {
        long began = System.nanoTime();
        StoreContents store =
                ModelStore.with(FleetFixture.store(2), FleetKey.state("api"), JointMachine.decision("api", 0));
        List<Integer> both = List.of(machines.id(JointMachine.serving("m0")), machines.id(JointMachine.serving("m1")));
        states.id(new State(stores.id(store), both, 1, crashes));
        parents.add(-1);
        labels.add("");
        int at = 0;
        for (; at < parents.size() && violation == null && parents.size() < most; at++) {
            State state = states.value(at);
            for (int i = 0; i < both.size(); i++) {
                Moment moment =
                        new Moment(state.machines().get(i), state.store(), state.changes() > 0, state.crashes() > 0);
                for (Move move : moves.computeIfAbsent(moment, key -> new Moves(key).all)) {
                    reached(at, state, i, move);
                }
            }
        }
        boolean complete = violation == null && at == parents.size();
        BitSet stuck = complete ? graph.stuck(parents.size()) : new BitSet();
        int last = stuck.isEmpty() ? foundAt : stuck.nextSetBit(0);
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new Found(parents.size(), edges, violation, trace(last), stuck.cardinality(), complete, millis);
    }

    /** Makes all steps of one machine. */
    private final class Moves {

        private final Moment moment;
        private final JointMachine machine;
        private final StoreContents store;
        private final List<Move> all = new ArrayList<>();

        Moves(Moment moment) {
            this.moment = moment;
            machine = machines.value(moment.machine());
            store = stores.value(moment.store());
            for (StoreUpdate update : machine.wire) {
                arrives(update);
            }
            if (!machine.up) {
                add("restart", machine.restarted(), store);
                return;
            }
            if (moment.mayCrash()) {
                add("crash", true, machine.crashed(), store, 0, 1);
            }
            if (!store.isHere(machine.name, machine.process())) {
                StoreUpdate here = Enrolment.register(machine.name, machine.process());
                add("is here", machine.copy(), ModelStore.apply(store, here));
            }
            for (String service : JointMachine.SERVICES.keySet()) {
                participant(service);
                StoreUpdate free = Coordinator.freeLock(machine.seat(service), machine.led(), store);
                if (free != null) {
                    add("frees " + service, machine.copy(), ModelStore.apply(store, free));
                }
            }
            coordinator();
        }

        private void arrives(StoreUpdate update) {
            JointMachine next = machine.copy();
            next.unwire(update);
            StoreContents after = ModelStore.apply(store, update);
            String what =
                    update.purpose() + " " + JointMachine.key(update.then().get(0));
            add(what + (after == null ? " refused" : " ok"), next, after == null ? store : after);
        }

        private void participant(String service) {
            Participant part = machine.parts.get(service);
            // Acknowledgements are not explored: each is known at once.
            StoreContents seen = ModelStore.with(
                    store, FleetKey.applied(service, machine.name), new Applied(part.epoch(), machine.process()));
            JointMachine next = machine.copy();
            add("reads " + service, next, next.give(service, new Seen(seen), store));
            if (part.bound() != null && !part.bound().withdrawing()) {
                JointMachine tired = machine.copy();
                tired.give(service, new PatienceOver(part.bound().change()), store);
                add("withdraws " + service, tired, tired.give(service, new Seen(seen), store));
            }
        }

        private void coordinator() {
            if (machine.change == null) {
                boolean isFree = JointMachine.SERVICES.keySet().stream()
                        .allMatch(service -> !machine.isBound(service) && store.intent(service) == null);
                if (moment.mayBegin() && isFree && store.isHere(machine.name, machine.process())) {
                    JointMachine next = machine.copy();
                    StoreContents after = next.lead(JointCoordinator.begin(orders(machine), store), missing, store);
                    add("begins", false, next, after, 1, 0);
                }
                return;
            }
            CoordinatorEvent seen = new CoordinatorEvent.Seen(missing.sees(store));
            JointMachine next = machine.copy();
            add("leads", next, next.lead(machine.change.on(seen), missing, store));
            JointMachine tired = machine.copy();
            add("gives up", tired, tired.lead(machine.change.on(new TimeOver()), missing, store));
        }

        private void add(String name, JointMachine next, @Nullable StoreContents after) {
            add(name, false, next, after, 0, 0);
        }

        private void add(
                String name, boolean isFault, JointMachine next, @Nullable StoreContents after, int begun, int died) {
            if (after == null) {
                return;
            }
            Move move = new Move(machine.name + " " + name, isFault, machines.id(next), stores.id(after), begun, died);
            if (move.machine() != moment.machine() || move.store() != moment.store()) {
                all.add(move);
            }
        }
    }

    private static List<FleetOrder> orders(JointMachine machine) {
        return JointMachine.SERVICES.entrySet().stream()
                .map(entry -> new FleetOrder(
                        entry.getValue(),
                        FleetFixture.service(entry.getKey(), 1),
                        ChangeKind.SWITCH,
                        true,
                        false,
                        new TreeSet<>(),
                        machine.seat(entry.getKey())))
                .toList();
    }

    private void reached(int at, State from, int index, Move move) {
        if (violation != null) {
            return;
        }
        List<Integer> next = new ArrayList<>(from.machines());
        next.set(index, move.machine());
        int id = states.id(new State(
                move.store(), List.copyOf(next), from.changes() - move.changes(), from.crashes() - move.crashes()));
        edges++;
        if (!move.isFault()) {
            graph.add(at, id);
        }
        if (id == parents.size()) {
            parents.add(at);
            labels.add(move.name());
            StoreContents store = stores.value(move.store());
            List<JointMachine> both = next.stream().map(machines::value).toList();
            if (isSettled(store, both)) {
                graph.settled(id);
            }
            violation = broken(store, both);
            foundAt = violation == null ? 0 : id;
        }
    }

    private static @Nullable String broken(StoreContents store, List<JointMachine> both) {
        long decided = JointMachine.SERVICES.keySet().stream()
                .map(service -> store.decision(service).epoch())
                .distinct()
                .count();
        if (decided > 1) {
            return "J1 one service was decided without the other";
        }
        SortedMap<Integer, String> served = new TreeMap<>();
        for (JointMachine machine : both) {
            JointMachine.SERVICES.keySet().stream()
                    .filter(machine::isServing)
                    .forEach(service -> served.put(machine.served.get(service), machine.name + " serves " + service));
        }
        return served.size() > 1 ? "J2 mixing: " + served : null;
    }

    private static boolean isSettled(StoreContents store, List<JointMachine> both) {
        return JointMachine.SERVICES.keySet().stream()
                .allMatch(service -> store.intent(service) == null
                        && both.stream().allMatch(machine -> machine.isServing(service) && !machine.isBound(service)));
    }

    private List<String> trace(int last) {
        LinkedList<String> trace = new LinkedList<>();
        for (int id = last; id > 0; id = parents.get(id)) {
            trace.addFirst(labels.get(id));
        }
        return trace;
    }
}
