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
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that two members can reach while operators add a service, switch it and remove it, by the production
 * classes. S1: no two decisions have one epoch. S2: no member serves one epoch by the fleet while another one serves an older
 * one. S3: nothing is removed that a member has. And from every state all can settle without a further fault.
 */
final class ServiceExplorer {

    private static final String SHOP = FleetFixture.SHOP;

    /** Updates that may arrive late. All others are answered at once. */
    private static final Set<Purpose> SLOW =
            EnumSet.of(Purpose.CREATE, Purpose.REMOVE, Purpose.DECLARE, Purpose.VOTE, Purpose.WITHDRAW, Purpose.COMMIT);

    /**
     * A member.
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

        String mark() {
            String process = name + "." + starts;
            return additions == 0 ? process : process + "." + additions;
        }
    }

    private static String said(StoreContents store, String member) {
        return ((Configured) store.entry(FleetKey.configured(member)).value()).mark();
    }

    /** A state in numbers: the store, both members, and how often something may happen yet. */
    private record State(int store, int first, int second, int adds, int removes, int switches, int crashes) {}

    private final ServiceMutation missing;
    private final boolean had;
    private final int[] budgets;
    private final Interned<StoreContents> stores = new Interned<>();
    private final Interned<Node> nodes = new Interned<>();
    private final Interned<State> states = new Interned<>();
    private final StepGraph graph = new StepGraph();
    private final List<Integer> parents = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private @Nullable String violation;
    private int foundAt;
    private long edges;

    /** @param had whether both members have the service at first */
    ServiceExplorer(ServiceMutation missing, boolean had, int adds, int removes, int switches, int crashes) {
        this.missing = missing;
        this.had = had;
        this.budgets = new int[] {adds, removes, switches, crashes};
    }

    Found explore(int most) {
        long began = System.nanoTime();
        StoreContents store = had
                ? ModelStore.with(FleetFixture.store(2), new FleetKey("made/2"), FleetFixture.decision(0, "c0"))
                : Mutation.without(FleetFixture.store(2), FleetKey.STATES);
        Set<String> has = had ? Set.of(SHOP) : Set.of();
        for (String member : List.of("m0", "m1")) {
            store = ModelStore.with(
                    store, FleetKey.configured(member), new Configured(new TreeSet<>(has), member + ".1"));
        }
        int id = stores.id(store);
        states.id(new State(
                id, nodes.id(node("m0")), nodes.id(node("m1")), budgets[0], budgets[1], budgets[2], budgets[3]));
        parents.add(-1);
        labels.add("");
        int at = 0;
        for (; at < parents.size() && violation == null && parents.size() < most; at++) {
            State state = states.value(at);
            for (int i = 0; i < 2; i++) {
                new Steps(at, state, i).all();
            }
        }
        boolean complete = violation == null && at == parents.size();
        BitSet stuck = complete ? graph.stuck(parents.size()) : new BitSet();
        int last = stuck.isEmpty() ? foundAt : stuck.nextSetBit(0);
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new Found(parents.size(), edges, violation, trace(last), stuck.cardinality(), complete, millis);
    }

    private Node node(String name) {
        if (had) {
            OwnRecord disk = new OwnRecord(FleetFixture.decision(0, "c0"), null);
            Participant part = Participant.started(FleetFixture.seat(name, 1), FleetFixture.LIFE, disk)
                    .next()
                    .on(new ParticipantEvent.StartAlone())
                    .next();
            return new Node(name, 1, 0, true, false, false, null, disk, part, disk.decision(), false, List.of(), null);
        }
        return new Node(name, 1, 0, false, false, false, null, null, null, null, false, List.of(), null);
    }

    /** A member in the making. */
    private final class Draft {

        Node node;
        StoreContents store;
        boolean isBlocked;

        @Nullable
        String wrong;

        Draft(Node node, StoreContents store) {
            this.node = node;
            this.store = store;
        }

        void configured(boolean is, @Nullable Decision serves) {
            node = new Node(
                    node.name,
                    node.starts,
                    node.additions,
                    is,
                    false,
                    false,
                    null,
                    node.disk,
                    node.part,
                    serves,
                    false,
                    node.wire,
                    node.change);
        }

        void operator(boolean adding, boolean removing, @Nullable Decision asked) {
            node = new Node(
                    node.name,
                    node.starts,
                    node.additions + (adding && !node.adding ? 1 : 0),
                    node.configured,
                    adding,
                    removing,
                    asked,
                    node.disk,
                    node.part,
                    node.serves,
                    node.closed,
                    node.wire,
                    node.change);
        }

        void seat(@Nullable OwnRecord disk, @Nullable Participant part, @Nullable Decision serves, boolean closed) {
            node = new Node(
                    node.name,
                    node.starts,
                    node.additions,
                    node.configured,
                    node.adding,
                    node.removing,
                    node.asked,
                    disk,
                    part,
                    serves,
                    closed,
                    node.wire,
                    node.change);
        }

        void wire(List<StoreUpdate> wire) {
            traffic(wire, node.change);
        }

        void change(@Nullable Coordinator change) {
            traffic(node.wire, change);
        }

        private void traffic(List<StoreUpdate> wire, @Nullable Coordinator change) {
            node = new Node(
                    node.name,
                    node.starts,
                    node.additions,
                    node.configured,
                    node.adding,
                    node.removing,
                    node.asked,
                    node.disk,
                    node.part,
                    node.serves,
                    node.closed,
                    wire,
                    change);
        }

        void restart() {
            int starts = node.starts + 1;
            Seat seat = FleetFixture.seat(node.name, starts);
            OwnRecord disk = node.disk;
            Participant part = node.configured && disk != null
                    ? Participant.started(seat, FleetFixture.LIFE, disk).next()
                    : null;
            Decision serves = part == null ? null : part.decision();
            node = new Node(
                    node.name,
                    starts,
                    0,
                    node.configured,
                    false,
                    false,
                    null,
                    disk,
                    part,
                    serves,
                    true,
                    node.wire,
                    null);
        }

        void give(ParticipantEvent event) {
            if (node.part != null) {
                Reaction<Participant> reaction = node.part.on(event);
                seat(node.disk, reaction.next(), node.serves, node.closed);
                reaction.actions().forEach(this::carryOut);
            }
        }

        void carryOut(FleetAction action) {
            if (action instanceof Record record) {
                seat(record.record(), node.part, node.serves, node.closed);
            } else if (action instanceof Hold) {
                seat(node.disk, node.part, node.serves, true);
            } else if (action instanceof Release) {
                seat(node.disk, node.part, node.serves, false);
            } else if (action instanceof Publish publish) {
                seat(node.disk, node.part, node.configured ? publish.decision() : null, false);
            } else if (action instanceof Retire) {
                seat(null, null, null, false);
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
            } else if (!node.wire.contains(sent)) {
                if (node.wire.stream().anyMatch(other -> other.purpose() == sent.purpose())) {
                    isBlocked = true;
                    return;
                }
                List<StoreUpdate> next = new ArrayList<>(node.wire);
                next.add(sent);
                next.sort((a, b) -> a.purpose().compareTo(b.purpose()));
                wire(List.copyOf(next));
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

    /** Makes all steps of one member. */
    private final class Steps {

        private final int at;
        private final State state;
        private final int index;
        private final Node node;
        private final Node other;
        private final StoreContents store;

        Steps(int at, State state, int index) {
            this.at = at;
            this.state = state;
            this.index = index;
            this.node = nodes.value(index == 0 ? state.first : state.second);
            this.other = nodes.value(index == 0 ? state.second : state.first);
            this.store = stores.value(state.store);
        }

        void all() {
            for (StoreUpdate update : node.wire) {
                step("store: " + update.purpose(), false, new int[4], draft -> {
                    draft.wire(node.wire.stream()
                            .filter(one -> !one.equals(update))
                            .toList());
                    draft.apply(update);
                    boolean removes = update.purpose() == Purpose.REMOVE && draft.store != store;
                    if (removes && (node.configured || other.configured)) {
                        draft.wrong = "S3 removed, and a member has it";
                    }
                });
            }
            if (!store.isHere(node.name, node.name + "." + node.starts)) {
                step("is here", false, new int[4], draft -> {
                    draft.apply(StepList.endOfLeases(node.name));
                    draft.apply(Enrolment.register(node.name, node.name + "." + node.starts));
                });
            }
            if (state.crashes > 0) {
                step("crash and restart", true, new int[] {0, 0, 0, 1}, Draft::restart);
            }
            operator();
            step("reads", false, new int[4], this::reads);
            Participant part = node.part;
            if (part != null && part.bound() != null && !part.bound().withdrawing()) {
                step("withdraws", false, new int[4], draft -> {
                    draft.give(new PatienceOver(part.bound().change()));
                    draft.give(new Seen(seen()));
                });
            }
            coordinator();
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
            if (!node.configured && !node.adding && state.adds > 0) {
                step("is to have it", false, new int[] {1, 0, 0, 0}, draft -> draft.operator(true, false, null));
            }
            if (node.adding && node.asked != null) {
                step("has it", false, new int[4], draft -> draft.configured(true, node.asked));
            }
            if (node.configured && !node.removing && !node.closed && state.removes > 0) {
                step("is not to have it", false, new int[] {0, 1, 0, 0}, draft -> {
                    draft.operator(false, true, null);
                    draft.give(new Leaving(true));
                    if (missing == ServiceMutation.SERVE_BEFORE_SAYING) {
                        draft.send(ServiceEnrolment.declare(node.name, Set.of(), node.mark(), store));
                    }
                });
            }
            boolean isSettled = node.part == null || node.part.bound() == null;
            if (node.removing && isSettled) {
                step("has it no more", false, new int[4], draft -> draft.configured(false, null));
            }
        }

        /** What a member does with what it has read: first its part in changes, then its services. */
        private void reads(Draft draft) {
            draft.give(new Seen(seen()));
            if (!draft.node.equals(node) || draft.store != store || draft.isBlocked) {
                return;
            }
            boolean isSettled = node.part == null || node.part.bound() == null;
            if (!node.configured && isSettled) {
                draft.seat(null, null, null, false);
            }
            Map<String, Own> own = new TreeMap<>();
            if (node.configured) {
                own.put(SHOP, new Own(FleetFixture.shop(0), Origin.STARTING));
            } else if (node.adding) {
                own.put(SHOP, new Own(FleetFixture.shop(0), Origin.ADDED));
            }
            Seat seat = FleetFixture.seat(node.name, node.starts);
            Set<String> seated = draft.node.part == null ? Set.of() : Set.of(SHOP);
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
                    OwnRecord record = new OwnRecord(made, null);
                    draft.seat(
                            record,
                            Participant.started(seat, FleetFixture.LIFE, record).next(),
                            made,
                            node.closed);
                    draft.give(new Seen(store));
                } else {
                    draft.operator(true, false, made);
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
                step("frees the lock", false, new int[4], draft -> draft.send(free));
            }
            if (node.change != null) {
                step(
                        "leads",
                        false,
                        new int[4],
                        draft -> lead(draft, node.change.on(new CoordinatorEvent.Seen(store))));
                step("gives up", false, new int[4], draft -> {
                    lead(draft, node.change.on(new CoordinatorEvent.TimeOver()));
                });
                return;
            }
            Decision made = store.decision(SHOP);
            boolean may = node.part != null
                    && node.part.confirmed()
                    && node.part.bound() == null
                    && !node.removing
                    && made != null
                    && made.epoch() == node.part.epoch()
                    && made.epoch() < 5
                    && store.intent(SHOP) == null;
            if (may && state.switches > 0) {
                step("switches", false, new int[] {0, 0, 1, 0}, draft -> {
                    int epoch = FleetFixture.epoch(made);
                    FleetOrder order = new FleetOrder(
                            "c" + (9 - state.switches),
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
            draft.change(isDone ? null : reaction.next());
            if (!isDone) {
                reaction.actions().forEach(draft::carryOut);
            }
        }

        private void step(String name, boolean isFault, int[] cost, Consumer<Draft> change) {
            Draft draft = new Draft(node, store);
            change.accept(draft);
            if (violation != null || draft.isBlocked || draft.node.equals(node) && draft.store.equals(store)) {
                return;
            }
            int next = nodes.id(draft.node);
            reached(
                    at,
                    node.name + " " + name,
                    isFault,
                    draft.wrong,
                    new State(
                            stores.id(draft.store),
                            index == 0 ? next : state.first,
                            index == 0 ? state.second : next,
                            state.adds - cost[0],
                            state.removes - cost[1],
                            state.switches - cost[2],
                            state.crashes - cost[3]));
        }
    }

    private void reached(int at, String name, boolean isFault, @Nullable String wrong, State next) {
        int id = states.id(next);
        edges++;
        if (!isFault) {
            graph.add(at, id);
        }
        boolean isNew = id == parents.size();
        if (isNew) {
            parents.add(at);
            labels.add(name);
            if (isSettled(next)) {
                graph.settled(id);
            }
        }
        String bad = wrong == null && isNew ? mixed(nodes.value(next.first), nodes.value(next.second)) : wrong;
        if (bad != null) {
            violation = bad;
            foundAt = id;
            parents.set(id, at);
            labels.set(id, name);
        }
    }

    private static @Nullable String mixed(Node one, Node other) {
        boolean both = one.serves != null && other.serves != null && !one.closed && !other.closed;
        return both && one.serves.epoch() != other.serves.epoch()
                ? "S2 mixing: epochs " + one.serves.epoch() + " and " + other.serves.epoch()
                : null;
    }

    /** Returns true if the fleet has what the members have, and nothing is left to do. */
    private boolean isSettled(State state) {
        StoreContents store = stores.value(state.store);
        List<Node> both = List.of(nodes.value(state.first), nodes.value(state.second));
        boolean isHad = both.stream().anyMatch(Node::configured);
        return isHad == (store.decision(SHOP) != null)
                && store.intent(SHOP) == null
                && both.stream()
                        .allMatch(node -> node.wire.isEmpty()
                                && !node.adding
                                && !node.removing
                                && node.change == null
                                && node.configured == (node.part != null)
                                && node.configured == (node.serves != null)
                                && (!node.configured || !node.closed && node.part.bound() == null));
    }

    private List<String> trace(int last) {
        LinkedList<String> trace = new LinkedList<>();
        for (int id = last; id > 0; id = parents.get(id)) {
            trace.addFirst(labels.get(id));
        }
        return trace;
    }
}
