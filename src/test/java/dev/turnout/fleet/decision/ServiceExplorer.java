package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetAction.Hold;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetAction.Publish;
import dev.turnout.fleet.decision.FleetAction.Record;
import dev.turnout.fleet.decision.FleetAction.Release;
import dev.turnout.fleet.decision.FleetAction.Retire;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.ParticipantEvent.Leaving;
import dev.turnout.fleet.decision.ParticipantEvent.PatienceOver;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import dev.turnout.fleet.decision.ServicePlan.Cell;
import dev.turnout.fleet.decision.ServicePlan.Origin;
import dev.turnout.fleet.decision.ServicePlan.Own;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that two Turnouts can reach while operators add a service, switch it and remove it, and while they have
 * the Turnouts enter the fleet and leave it, by the production classes. S1: no two decisions have one epoch. S2: no member
 * serves one epoch by the fleet while another one serves an older one. S3: nothing is removed that a member has. S4: the roster
 * has no Turnout that takes itself for one outside of the fleet. And from every state all can settle without a further fault.
 */
final class ServiceExplorer {

    private static final String SHOP = FleetFixture.SHOP;

    /** Updates that may arrive late. All others are answered at once. */
    private static final Set<Purpose> SLOW = EnumSet.of(
            Purpose.CREATE,
            Purpose.REMOVE,
            Purpose.DECLARE,
            Purpose.VOTE,
            Purpose.WITHDRAW,
            Purpose.COMMIT,
            Purpose.ENROL,
            Purpose.LEAVE);

    /** What may happen a few times only, as numbers of three bits each. */
    private static final int ADD = 1;

    private static final int REMOVE = 1 << 3;
    private static final int SWITCH = 1 << 6;
    private static final int CRASH = 1 << 9;
    private static final int LEAVE = 1 << 12;

    /**
     * What is explored.
     *
     * @param had whether both have the service at first
     * @param joins whether the second is outside of the fleet at first
     */
    record World(boolean had, int adds, int removes, int switches, int crashes, boolean joins, int leaves) {

        int budget() {
            return adds * ADD + removes * REMOVE + switches * SWITCH + crashes * CRASH + leaves * LEAVE;
        }
    }

    private enum Place {
        OUTSIDE,
        /** It has asked to be enrolled, and serves by what the fleet had decided. */
        ENTERING,
        INSIDE,
        /** It votes no more, and is to leave when its votes are settled. */
        LEAVING
    }

    /**
     * A Turnout.
     *
     * @param additions how often an operator has added the service at this process
     * @param configured whether its configuration has the service
     * @param adding whether an operator adds it
     * @param removing whether an operator removes it
     * @param asked what the fleet has said of a service that is added; null if it has not
     * @param serves the decision by which it serves; null if it does not
     * @param closed whether requests are kept
     */
    record Node(
            String name,
            int starts,
            int additions,
            Place place,
            boolean configured,
            boolean adding,
            boolean removing,
            @Nullable Decision asked,
            @Nullable OwnRecord disk,
            @Nullable Participant part,
            @Nullable Decision serves,
            boolean closed,
            List<StoreUpdate> wire,
            @Nullable Coordinator change) {

        String process() {
            return name + "." + starts;
        }

        String mark() {
            return additions == 0 ? process() : process() + "." + additions;
        }

        boolean isInside() {
            return place == Place.INSIDE || place == Place.LEAVING;
        }

        boolean isUnderWay(Purpose purpose) {
            return wire.stream().anyMatch(update -> update.purpose() == purpose);
        }
    }

    private static String said(StoreContents store, String member) {
        return ((Configured) store.entry(FleetKey.configured(member)).value()).mark();
    }

    /** A state in numbers: the store, both Turnouts, and how often something may happen yet. */
    private record State(int store, int first, int second, int budget) {}

    /** A step in numbers. */
    private record Move(
            String name, boolean isFault, @Nullable String wrong, int node, int store, int budget) {}

    private final ServiceMutation missing;
    private final World world;
    private final Map<List<Integer>, List<Move>> moves = new HashMap<>();
    private final Interned<StoreContents> stores = new Interned<>();
    private final Interned<Node> nodes = new Interned<>();
    private final Interned<State> states = new Interned<>();
    private final StepGraph graph = new StepGraph();
    private final List<Integer> parents = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private @Nullable String violation;
    private int foundAt;
    private long edges;

    ServiceExplorer(ServiceMutation missing, World world) {
        this.missing = missing;
        this.world = world;
    }

    Found explore(int most) {
        long began = System.nanoTime();
        int members = world.joins ? 1 : 2;
        StoreContents store = world.had
                ? ModelStore.with(FleetFixture.store(members), new FleetKey("made/2"), FleetFixture.decision(0, "c0"))
                : Mutation.without(FleetFixture.store(members), FleetKey.STATES);
        Set<String> has = world.had ? Set.of(SHOP) : Set.of();
        for (int i = 0; i < members; i++) {
            String member = "m" + i;
            store = ModelStore.with(
                    store, FleetKey.configured(member), new Configured(new TreeSet<>(has), member + ".1"));
        }
        states.id(new State(
                stores.id(store),
                nodes.id(node("m0", Place.INSIDE)),
                nodes.id(node("m1", world.joins ? Place.OUTSIDE : Place.INSIDE)),
                world.budget()));
        parents.add(-1);
        labels.add("");
        int at = 0;
        for (; at < parents.size() && violation == null && parents.size() < most; at++) {
            State state = states.value(at);
            for (int i = 0; i < 2; i++) {
                visit(at, state, i);
            }
        }
        boolean complete = violation == null && at == parents.size();
        BitSet stuck = complete ? graph.stuck(parents.size()) : new BitSet();
        int last = stuck.isEmpty() ? foundAt : stuck.nextSetBit(0);
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new Found(parents.size(), edges, violation, trace(last), stuck.cardinality(), complete, millis);
    }

    /** Makes all steps of one Turnout. What it does next depends on the Turnout, the store and what may happen yet. */
    private void visit(int at, State state, int index) {
        int node = index == 0 ? state.first : state.second;
        List<Integer> ids = List.of(node, state.store, state.budget);
        for (Move move : moves.computeIfAbsent(ids, key -> new Steps(node, state.store, state.budget).all())) {
            int first = index == 0 ? move.node : state.first;
            int second = index == 0 ? state.second : move.node;
            reached(at, move, new State(move.store, first, second, move.budget));
        }
    }

    private Node node(String name, Place place) {
        OwnRecord disk = null;
        Participant part = null;
        if (world.had && place == Place.INSIDE) {
            disk = new OwnRecord(FleetFixture.decision(0, "c0"), null);
            part = Participant.started(FleetFixture.seat(name, 1), FleetFixture.LIFE, disk)
                    .next()
                    .on(new ParticipantEvent.StartAlone())
                    .next();
        }
        Decision serves = disk == null ? null : disk.decision();
        return new Node(name, 1, 0, place, world.had, false, false, null, disk, part, serves, false, List.of(), null);
    }

    /** A Turnout in the making. */
    private final class Draft {

        final String name;
        int starts;
        int additions;
        Place place;
        boolean configured;
        boolean adding;
        boolean removing;

        @Nullable
        Decision asked;

        @Nullable
        OwnRecord disk;

        @Nullable
        Participant part;

        @Nullable
        Decision serves;

        boolean closed;
        List<StoreUpdate> wire;

        @Nullable
        Coordinator change;

        StoreContents store;
        boolean isBlocked;

        @Nullable
        String wrong;

        Draft(Node node, StoreContents store) {
            name = node.name;
            starts = node.starts;
            additions = node.additions;
            place = node.place;
            configured = node.configured;
            adding = node.adding;
            removing = node.removing;
            asked = node.asked;
            disk = node.disk;
            part = node.part;
            serves = node.serves;
            closed = node.closed;
            wire = node.wire;
            change = node.change;
            this.store = store;
        }

        Node node() {
            return new Node(
                    name,
                    starts,
                    additions,
                    place,
                    configured,
                    adding,
                    removing,
                    asked,
                    disk,
                    part,
                    serves,
                    closed,
                    wire,
                    change);
        }

        /** The service is configured, or not: an operator has done so. */
        void configured(boolean is, @Nullable Decision by) {
            configured = is;
            adding = false;
            removing = false;
            asked = null;
            serves = by;
            closed = false;
        }

        void isToAdd() {
            additions += adding ? 0 : 1;
            adding = true;
        }

        /** Has no part in the service any more. */
        void forget() {
            disk = null;
            part = null;
            serves = null;
            closed = false;
        }

        /** Is outside of the fleet from now on. */
        void outside() {
            forget();
            place = Place.OUTSIDE;
            additions = 0;
            adding = false;
            removing = false;
            asked = null;
        }

        /** Takes part by what is on the disk. */
        void begin() {
            part = configured && disk != null
                    ? Participant.started(FleetFixture.seat(name, starts), FleetFixture.LIFE, disk)
                            .next()
                    : null;
            serves = part == null ? null : part.decision();
        }

        void restart(boolean has) {
            starts++;
            additions = 0;
            configured = has;
            adding = false;
            removing = false;
            asked = null;
            change = null;
            serves = null;
            closed = place != Place.OUTSIDE;
            if (place != Place.OUTSIDE) {
                place = Place.INSIDE;
                begin();
            }
        }

        void give(ParticipantEvent event) {
            if (part != null) {
                Reaction<Participant> reaction = part.on(event);
                part = reaction.next();
                reaction.actions().forEach(this::carryOut);
            }
        }

        void carryOut(FleetAction action) {
            if (action instanceof Record record) {
                disk = record.record();
            } else if (action instanceof Hold) {
                closed = true;
            } else if (action instanceof Release) {
                closed = false;
            } else if (action instanceof Publish publish) {
                serves = configured ? publish.decision() : null;
                closed = false;
            } else if (action instanceof Retire) {
                forget();
            } else if (action instanceof Send send) {
                send(send.update());
            }
        }

        void send(StoreUpdate update) {
            if (update.purpose() == Purpose.APPLIED) {
                return;
            }
            StoreUpdate sent = missing.sent(update);
            if (!SLOW.contains(sent.purpose())) {
                apply(sent);
            } else if (!wire.contains(sent)) {
                if (wire.stream().anyMatch(other -> other.purpose() == sent.purpose())) {
                    isBlocked = true;
                    return;
                }
                List<StoreUpdate> next = new ArrayList<>(wire);
                next.add(sent);
                next.sort((a, b) -> a.purpose().compareTo(b.purpose()));
                wire = List.copyOf(next);
            }
        }

        void apply(StoreUpdate update) {
            StoreContents after = ModelStore.apply(store, update);
            if (after == null) {
                isBlocked |= !SLOW.contains(update.purpose());
                return;
            }
            store = after;
            for (Edit edit : update.then()) {
                if (edit instanceof Edit.Put put && put.value() instanceof Decision made) {
                    FleetKey key = new FleetKey("made/" + made.epoch());
                    if (store.has(key)) {
                        wrong = "S1 two decisions have epoch " + made.epoch();
                    }
                    store = ModelStore.with(store, key, made);
                }
            }
        }
    }

    /** Finds all steps of one Turnout. */
    private final class Steps {

        private final Node node;
        private final StoreContents store;
        private final int budget;
        private final List<Move> found = new ArrayList<>();

        Steps(int node, int store, int budget) {
            this.node = nodes.value(node);
            this.store = stores.value(store);
            this.budget = budget;
        }

        List<Move> all() {
            node.wire.forEach(this::arrives);
            place();
            if (budget / CRASH % 8 > 0) {
                step("crash and restart", true, CRASH, draft -> draft.restart(node.configured));
                restartOtherwise();
            }
            if (!node.isInside()) {
                operatorOutside();
                return found;
            }
            if (store.roster().contains(node.name) && !store.isHere(node.name, node.process())) {
                step("is here", false, 0, draft -> {
                    draft.apply(StepList.endOfLeases(node.name));
                    draft.apply(Enrolment.register(node.name, node.process()));
                });
            }
            operator();
            step("reads", false, 0, this::reads);
            Participant part = node.part;
            if (part != null && part.bound() != null && !part.bound().withdrawing()) {
                step("withdraws", false, 0, draft -> {
                    draft.give(new PatienceOver(part.bound().change()));
                    draft.give(new Seen(seen()));
                });
            }
            coordinator();
            return found;
        }

        private void arrives(StoreUpdate update) {
            step("store: " + update.purpose(), false, 0, draft -> {
                draft.wire =
                        node.wire.stream().filter(one -> !one.equals(update)).toList();
                draft.apply(update);
                boolean isMade = draft.store != store;
                if (isMade && update.purpose() == Purpose.LEAVE && node.place == Place.LEAVING) {
                    draft.outside();
                }
            });
        }

        /** The Turnout enters the fleet, and leaves it. */
        private void place() {
            boolean isEnrolled = store.roster().contains(node.name);
            boolean asks = node.isUnderWay(Purpose.ENROL);
            boolean isSame = node.configured == (store.decision(SHOP) != null);
            boolean isFree = store.has(FleetKey.ROSTER) && isSame && !asks && !node.isUnderWay(Purpose.LEAVE);
            if (isFree && !isEnrolled && node.place == Place.OUTSIDE) {
                step("asks to enter", false, 0, draft -> {
                    draft.place = Place.ENTERING;
                    Decision made = store.decision(SHOP);
                    draft.disk = made == null ? null : new OwnRecord(made, null);
                    draft.serves = made;
                    draft.send(Enrolment.enrol(node.name, node.process(), "", store.services(), store));
                });
            }
            if (node.place == Place.ENTERING && !asks) {
                step("knows whether it has entered", false, 0, this::entered);
            }
            if (node.place == Place.ENTERING && asks) {
                step("ends its lease, as it hears nothing", false, 0, draft -> {
                    if (missing != ServiceMutation.ENTRY_FENCED) {
                        draft.wire = node.wire.stream()
                                .filter(update -> update.purpose() != Purpose.ENROL)
                                .toList();
                    }
                    entered(draft);
                });
            }
            boolean isIdle = !node.adding && !node.removing && node.change == null;
            if (node.place == Place.INSIDE && isEnrolled && budget / LEAVE > 0 && isIdle) {
                step("is to leave", false, LEAVE, draft -> {
                    draft.place = Place.LEAVING;
                    draft.give(new Leaving(true));
                });
            }
            if (node.place == Place.LEAVING && isEnrolled && isSettled() && !node.isUnderWay(Purpose.LEAVE)) {
                step("asks to leave", false, 0, draft -> draft.send(Enrolment.leaveOrEnd(node.name, store)));
            }
            if (node.isInside() && !isEnrolled && isSettled() && node.change == null) {
                // An enrolment that is under way yet is not made then.
                step("leaves, as it was taken out", false, 0, draft -> {
                    if (store.has(FleetKey.ROSTER) && missing != ServiceMutation.LEAVE_FENCES) {
                        draft.apply(Enrolment.leaveOrEnd(node.name, store));
                    }
                    draft.outside();
                });
            }
            if (node.place == Place.LEAVING) {
                step("hears nothing, and stays", false, 0, draft -> {
                    draft.place = Place.INSIDE;
                    draft.give(new Leaving(false));
                });
            }
        }

        private void entered(Draft draft) {
            if (Enrolment.isEnrolled(node.name, node.process(), store)) {
                draft.place = Place.INSIDE;
                draft.begin();
            } else {
                draft.outside();
            }
        }

        private void operatorOutside() {
            Intent held = store.intent(SHOP);
            if (node.place == Place.OUTSIDE && held != null && held.member().equals(node.name)) {
                step(
                        "its lease ends",
                        false,
                        0,
                        draft -> draft.apply(new StoreUpdate(
                                Purpose.LEAVE, List.of(), List.of(new Edit.Delete(FleetKey.change(SHOP))))));
            }
            if (node.place == Place.OUTSIDE && !node.configured && budget / ADD % 8 > 0) {
                step("has it", false, ADD, draft -> draft.configured = true);
            }
            if (node.place == Place.OUTSIDE && node.configured && budget / REMOVE % 8 > 0) {
                step("has it no more", false, REMOVE, draft -> draft.configured = false);
            }
        }

        /** The file was changed before the restart. */
        private void restartOtherwise() {
            if (!node.configured && budget / ADD % 8 > 0) {
                step("crash and restart with it", true, CRASH + ADD, draft -> draft.restart(true));
            }
            if (node.configured && budget / REMOVE % 8 > 0) {
                step("crash and restart without it", true, CRASH + REMOVE, draft -> draft.restart(false));
            }
        }

        private StoreContents seen() {
            return node.part == null
                    ? store
                    : ModelStore.with(
                            store,
                            FleetKey.applied(SHOP, node.name),
                            new Applied(node.part.epoch(), node.part.seat().process()));
        }

        private void operator() {
            boolean isIdle = node.place == Place.INSIDE && !node.adding && !node.removing;
            if (isIdle && !node.configured && budget / ADD % 8 > 0) {
                step("is to have it", false, ADD, Draft::isToAdd);
            }
            if (node.adding && node.asked != null) {
                step("has it", false, 0, draft -> draft.configured(true, node.asked));
            }
            if (isIdle && node.configured && budget / REMOVE % 8 > 0) {
                step("is not to have it", false, REMOVE, draft -> {
                    draft.removing = true;
                    draft.give(new Leaving(true));
                    if (missing == ServiceMutation.SERVE_BEFORE_SAYING) {
                        draft.send(ServiceEnrolment.declare(node.name, Set.of(), node.mark(), store));
                    }
                });
            }
            if (node.removing && isSettled()) {
                step("has it no more", false, 0, draft -> draft.configured(false, null));
            }
        }

        /** Returns true if the member may leave the service. */
        private boolean isSettled() {
            return missing == ServiceMutation.LEAVE_SETTLED || node.part == null || node.part.bound() == null;
        }

        /** What a member does with what it has read: first its part in changes, then its services. */
        private void reads(Draft draft) {
            draft.give(new Seen(seen()));
            if (!draft.node().equals(node) || draft.store != store || draft.isBlocked) {
                return;
            }
            if (!node.configured && isSettled()) {
                draft.forget();
            }
            Map<String, Own> own = new TreeMap<>();
            if (node.configured) {
                own.put(SHOP, new Own(FleetFixture.shop(0), Origin.STARTING));
            } else if (node.adding) {
                own.put(SHOP, new Own(FleetFixture.shop(0), Origin.ADDED));
            }
            Seat seat = FleetFixture.seat(node.name, node.starts);
            Set<String> seated = draft.part == null ? Set.of() : Set.of(SHOP);
            StoreContents seen = missing.sees(store, node.name, node.mark());
            ServicePlan plan = ServicePlan.of(
                    new ServicePlan.Self(
                            seat,
                            missing == ServiceMutation.OWN_MARK ? said(store, node.name) : node.mark(),
                            seated,
                            Set.of()),
                    own,
                    "first-" + seat.process(),
                    10,
                    seen);
            if (plan.cells().get(SHOP) == Cell.TAKE) {
                Decision made = store.decision(SHOP);
                if (node.configured) {
                    draft.disk = new OwnRecord(made, null);
                    draft.begin();
                    draft.give(new Seen(store));
                } else {
                    draft.asked = made;
                }
            }
            boolean alreadySaid = missing == ServiceMutation.SERVE_BEFORE_SAYING && node.removing;
            if (plan.update() != null && !alreadySaid) {
                draft.send(plan.update());
            }
            StoreUpdate removal = ServiceEnrolment.remove(SHOP, store);
            if (removal != null) {
                draft.send(removal);
            }
        }

        private void coordinator() {
            Set<String> led =
                    node.change == null ? Set.of() : Set.of(node.change.order().change());
            StoreUpdate free = Coordinator.freeLock(FleetFixture.seat(node.name, node.starts), led, store);
            if (free != null) {
                step("frees the lock", false, 0, draft -> draft.send(free));
            }
            if (node.change != null) {
                step("leads", false, 0, draft -> lead(draft, node.change.on(new CoordinatorEvent.Seen(store))));
                step("gives up", false, 0, draft -> lead(draft, node.change.on(new CoordinatorEvent.TimeOver())));
                return;
            }
            Decision made = store.decision(SHOP);
            boolean may = node.part != null
                    && node.part.confirmed()
                    && node.part.bound() == null
                    && node.place == Place.INSIDE
                    && !node.removing
                    && made != null
                    && made.epoch() == node.part.epoch()
                    && made.epoch() < 5
                    && store.intent(SHOP) == null;
            int switches = budget / SWITCH % 8;
            if (may && switches > 0) {
                step("switches", false, SWITCH, draft -> {
                    int epoch = FleetFixture.epoch(made);
                    FleetOrder order = new FleetOrder(
                            "c" + (9 - switches),
                            FleetFixture.shop(epoch + 1),
                            ChangeKind.SWITCH,
                            true,
                            false,
                            new TreeSet<>(),
                            FleetFixture.seat(node.name, node.starts));
                    lead(draft, Coordinator.begin(order, store));
                });
            }
        }

        private void lead(Draft draft, Reaction<Coordinator> reaction) {
            Coordinator.Stage stage = reaction.next().stage();
            boolean isDone = stage == Coordinator.Stage.DECIDED || stage == Coordinator.Stage.OVER;
            draft.change = isDone ? null : reaction.next();
            if (!isDone) {
                reaction.actions().forEach(draft::carryOut);
            }
        }

        private void step(String name, boolean isFault, int cost, Consumer<Draft> change) {
            Draft draft = new Draft(node, store);
            change.accept(draft);
            Node after = draft.node();
            if (!draft.isBlocked && (!after.equals(node) || !draft.store.equals(store))) {
                found.add(new Move(
                        node.name + " " + name,
                        isFault,
                        draft.wrong,
                        nodes.id(after),
                        stores.id(draft.store),
                        budget - cost));
            }
        }
    }

    private void reached(int at, Move move, State next) {
        if (violation != null) {
            return;
        }
        int id = states.id(next);
        edges++;
        if (!move.isFault) {
            graph.add(at, id);
        }
        boolean isNew = id == parents.size();
        if (isNew) {
            parents.add(at);
            labels.add(move.name);
            if (isSettled(next)) {
                graph.settled(id);
            }
        }
        String bad = move.wrong == null && isNew ? broken(next) : move.wrong;
        if (bad != null) {
            violation = bad;
            foundAt = id;
            parents.set(id, at);
            labels.set(id, move.name);
        }
    }

    private List<Node> both(State state) {
        return List.of(nodes.value(state.first), nodes.value(state.second));
    }

    private @Nullable String broken(State state) {
        StoreContents store = stores.value(state.store);
        Set<String> roster = store.roster();
        Set<Long> served = new TreeSet<>();
        for (Node node : both(state)) {
            boolean isEnrolled = roster.contains(node.name);
            if (isEnrolled && node.place == Place.OUTSIDE) {
                return "S4 " + node.name + " is enrolled, and does not know it";
            }
            if (isEnrolled && node.configured && node.serves != null && store.decision(SHOP) == null) {
                return "S3 removed, and " + node.name + " has it";
            }
            if (isEnrolled && node.serves != null && !node.closed) {
                served.add(node.serves.epoch());
            }
        }
        return served.size() > 1 ? "S2 mixing: epochs " + served : null;
    }

    /** Returns true if the fleet has what the members have, and nothing is left to do. */
    private boolean isSettled(State state) {
        StoreContents store = stores.value(state.store);
        boolean isHad = both(state).stream().anyMatch(node -> node.isInside() && node.configured);
        return isHad == (store.decision(SHOP) != null)
                && store.intent(SHOP) == null
                && both(state).stream().allMatch(node -> isSettled(node, store));
    }

    private static boolean isSettled(Node node, StoreContents store) {
        boolean isEnrolled = store.roster().contains(node.name);
        if (node.place == Place.OUTSIDE) {
            return !isEnrolled && node.wire.isEmpty();
        }
        return node.place == Place.INSIDE
                && isEnrolled
                && node.wire.isEmpty()
                && !node.adding
                && !node.removing
                && node.change == null
                && node.configured == (node.part != null)
                && node.configured == (node.serves != null)
                && (!node.configured || !node.closed && node.part.bound() == null);
    }

    private List<String> trace(int last) {
        LinkedList<String> trace = new LinkedList<>();
        for (int id = last; id > 0; id = parents.get(id)) {
            trace.addFirst(labels.get(id));
        }
        return trace;
    }
}
