package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetWorld.Budget;
import dev.turnout.fleet.decision.StepList.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a small fleet can reach, breadth first, by the production classes. Machines and stores are interned:
 * a state is a handful of numbers, and what a machine does next is computed once for each machine and store.
 *
 * <p>Invariants: I1 no two decisions with one epoch. I2 never does one member serve an epoch while another one serves an
 * older one. I3 while a receipt says drained, nobody sends there, and nothing is in flight there. I4 no member goes back. And
 * from every state the fleet can settle without a further fault.
 */
final class FleetExplorer {

    /**
     * What was found.
     *
     * @param violation null if all invariants hold
     * @param trace the steps to the violation, or to a state that can't settle
     * @param stuck how many states can't settle
     * @param complete whether all states were visited
     */
    record Found(
            int states,
            long edges,
            @Nullable String violation,
            List<String> trace,
            int stuck,
            boolean complete,
            long millis) {

        /** Prints how far a world was explored, and what was found there. */
        Found printed(String world) {
            System.out.printf(
                    "explored: %s: %,d states, %,d steps, %.1f s%s%n",
                    world, states, edges, millis / 1000.0, complete || violation != null ? "" : " (not to the end)");
            if (violation != null) {
                System.out.printf("   %s %s%n", violation, String.join(" | ", trace));
            }
            return this;
        }
    }

    private static final int NODES = 1;

    private final FleetWorld world;
    private final int width;
    private final Interned<FleetNode> nodes = new Interned<>();
    private final Interned<StoreContents> stores = new Interned<>();
    private final Interned<String> names = new Interned<>();
    private final Map<Long, List<Move>> moves = new HashMap<>();
    private final Map<List<Integer>, List<Move>> staleMoves = new HashMap<>();
    private final Map<List<Integer>, List<Move>> askingMoves = new HashMap<>();
    private final StateTable table;
    private int[] parents = new int[1 << 16];
    private int[] labels = new int[1 << 16];
    private final StepGraph graph = new StepGraph();
    private @Nullable String wanted;
    private int reachedId = -1;
    private @Nullable String violation;
    private int foundAt = -1;
    private long edges;

    /** A step in numbers. */
    private record Move(
            int name,
            boolean isFault,
            int cost,
            int away,
            int drained,
            int node,
            int store,
            @Nullable String violation) {}

    FleetExplorer(FleetWorld world) {
        this.world = world;
        // The store, the machines, the budgets, and the replica.
        this.width = NODES + world.members + 2;
        this.table = new StateTable(width);
    }

    private int[] start() {
        int[] state = new int[width];
        int store = stores.id(FleetFixture.store(world.enrolled));
        state[0] = store;
        for (int i = 0; i < world.members; i++) {
            state[NODES + i] = nodes.id(i < world.enrolled ? FleetNode.serving(i) : FleetNode.joining(i));
        }
        state[width - 2] = world.budgets();
        state[width - 1] = store;
        table.add(state);
        parents[0] = -1;
        return state;
    }

    Found explore(int most) {
        long began = System.nanoTime();
        int[] state = start();
        int at = 0;
        for (; at < table.size() && violation == null && table.size() < most; at++) {
            table.read(at, state);
            visit(at, state);
        }
        boolean complete = violation == null && at == table.size();
        BitSet stuck = complete ? graph.stuck(table.size()) : new BitSet();
        int last = violation == null ? stuck.nextSetBit(0) : foundAt;
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new Found(table.size(), edges, violation, trace(last), stuck.cardinality(), complete, millis);
    }

    /** Makes the steps of a trace, as far as they can be made. What was found has those that were. */
    Found replay(List<String> steps) {
        int[] state = start();
        int at = 0;
        for (String step : steps) {
            wanted = step;
            reachedId = -1;
            visit(at, state);
            if (reachedId < 0) {
                break;
            }
            at = reachedId;
            table.read(at, state);
        }
        return new Found(table.size(), edges, violation, trace(at), 0, false, 0);
    }

    private void visit(int at, int[] state) {
        int[] next = new int[width];
        for (int i = 0; i < world.members; i++) {
            int node = state[NODES + i];
            for (Move move : moves.computeIfAbsent((long) node << 32 | state[0], this::movesOf)) {
                if (FleetWorld.covers(state[width - 2], move.cost()) && isAway(state, move.away())) {
                    move(at, state, next, i, move);
                }
            }
            if (world.mutation == Mutation.LINEARIZABLE_READS && state[width - 1] != state[0]) {
                for (Move move :
                        staleMoves.computeIfAbsent(List.of(node, state[0], state[width - 1]), this::staleMovesOf)) {
                    move(at, state, next, i, move);
                }
            }
        }
        if (world.asksPeers) {
            ask(at, state, next);
        }
        if (world.mutation == Mutation.LINEARIZABLE_READS && state[width - 1] != state[0]) {
            System.arraycopy(state, 0, next, 0, width);
            next[width - 1] = state[0];
            reached(at, names.id("replica catches up"), false, next, null);
        }
        if (world.restores > 0) {
            lost(at, state, next);
        }
    }

    private void ask(int at, int[] state, int[] next) {
        for (int i = 0; i < world.members; i++) {
            for (int peer = 0; peer < world.members; peer++) {
                List<Integer> ids = List.of(state[NODES + i], state[0], state[NODES + peer]);
                if (i != peer) {
                    for (Move move : askingMoves.computeIfAbsent(ids, this::askingMovesOf)) {
                        move(at, state, next, i, move);
                    }
                }
            }
        }
    }

    private void move(int at, int[] state, int[] next, int member, Move move) {
        System.arraycopy(state, 0, next, 0, width);
        next[0] = move.store();
        next[NODES + member] = move.node();
        next[width - 2] = state[width - 2] - move.cost();
        if (world.mutation != Mutation.LINEARIZABLE_READS) {
            next[width - 1] = move.store();
        }
        String wrong = move.violation();
        for (int i = 0; i < world.members && move.drained() > 0 && wrong == null; i++) {
            FleetNode other = nodes.value(next[NODES + i]);
            if (other.serves() && (other.served() & 1) == (move.drained() - 1 & 1)) {
                wrong = "I3 receipt e" + move.drained() + " says drained, m" + i + " sends there (e" + other.served()
                        + ")";
            }
        }
        reached(at, move.name(), move.isFault(), next, wrong);
    }

    private boolean isAway(int[] state, int member) {
        if (member < 0) {
            return true;
        }
        FleetNode node = nodes.value(state[NODES + member]);
        return !node.up() || !world.operatorIsRight && !node.connected();
    }

    private List<Move> movesOf(long nodeAndStore) {
        FleetNode node = nodes.value((int) (nodeAndStore >> 32));
        return inNumbers(FleetSteps.of(world, node, stores.value((int) nodeAndStore)));
    }

    private List<Move> staleMovesOf(List<Integer> ids) {
        return inNumbers(
                FleetSteps.stale(world, nodes.value(ids.get(0)), stores.value(ids.get(1)), stores.value(ids.get(2))));
    }

    private List<Move> askingMovesOf(List<Integer> ids) {
        return inNumbers(
                FleetSteps.asking(world, nodes.value(ids.get(0)), stores.value(ids.get(1)), nodes.value(ids.get(2))));
    }

    private List<Move> inNumbers(List<Step> steps) {
        return steps.stream()
                .map(step -> new Move(
                        names.id(step.name()),
                        step.isFault(),
                        step.cost(),
                        step.away(),
                        step.drained(),
                        nodes.id(step.node()),
                        stores.id(step.store()),
                        step.violation()))
                .toList();
    }

    private void reached(int at, int name, boolean isFault, int[] next, @Nullable String wrong) {
        if (violation != null || wanted != null && !wanted.equals(names.value(name))) {
            return;
        }
        edges++;
        int id = table.add(next);
        boolean isNew = id < 0;
        if (isNew) {
            id = -id - 1;
            if (id >= parents.length) {
                parents = Arrays.copyOf(parents, id * 2);
                labels = Arrays.copyOf(labels, id * 2);
            }
            parents[id] = at;
            labels[id] = name;
            if (FleetInvariants.isSettled(store(next), machines(next))) {
                graph.settled(id);
            }
        }
        reachedId = id;
        if (!isFault) {
            graph.add(at, id);
        }
        String bad = wrong == null && isNew ? FleetInvariants.broken(world, store(next), machines(next)) : wrong;
        if (bad != null) {
            violation = bad;
            foundAt = id;
            if (!isNew) {
                parents[id] = at;
                labels[id] = name;
            }
        }
    }

    // ------------------------------------------------------------------ the store is put back

    private void lost(int at, int[] state, int[] next) {
        StoreContents store = stores.value(state[0]);
        int epoch = FleetFixture.epoch(store.decision(FleetFixture.SHOP));
        System.arraycopy(state, 0, next, 0, width);
        if (epoch > 0 && FleetWorld.covers(state[width - 2], Budget.RESTORE.cost())) {
            next[0] = stores.id(LostStore.putBack(store, epoch));
            next[width - 1] = next[0];
            next[width - 2] = state[width - 2] - Budget.RESTORE.cost();
            for (int i = 0; i < world.members; i++) {
                FleetNode node = nodes.value(state[NODES + i]);
                Draft draft = new Draft(node, store, world);
                draft.wire = List.of();
                next[NODES + i] = nodes.id(draft.node());
            }
            reached(at, names.id("store put back to e" + (epoch - 1)), true, next, null);
        }
        if (!store.life().equals(FleetFixture.LIFE) && world.mutation != Mutation.STORE_IDENTITY) {
            recover(at, state, next, store);
        }
    }

    /** The operator tells the store what the members have applied. All are asked, and disks of dead ones too. */
    private void recover(int at, int[] state, int[] next, StoreContents store) {
        SortedMap<String, Decision> told = new TreeMap<>();
        for (int i = 0; i < world.members; i++) {
            FleetNode node = nodes.value(state[NODES + i]);
            if (node.part() != null) {
                told.put(node.name(), node.part().decision());
            } else if (node.disk() != null) {
                told.put(node.name(), node.disk().decision());
            }
        }
        if (Recovery.last(store).isEmpty() && !told.isEmpty()) {
            System.arraycopy(state, 0, next, 0, width);
            StoreContents after = LostStore.recovered(store, told, world.mutation);
            next[0] = stores.id(after);
            next[width - 1] = next[0];
            int holds = FleetFixture.epoch(after.decision(FleetFixture.SHOP));
            reached(at, names.id("recover: store is told e" + holds), false, next, null);
        }
        for (int i = 0; i < world.members; i++) {
            FleetNode node = nodes.value(state[NODES + i]);
            if (!node.life().equals(store.life())
                    && node.up()
                    && node.connected()
                    && node.part() != null
                    && LostStore.isBelieved(store, node.part().decision(), world.mutation)) {
                System.arraycopy(state, 0, next, 0, width);
                Draft draft = new Draft(node, store, world);
                draft.life = store.life();
                draft.change = null;
                draft.give(new ParticipantEvent.Accepted(store.life()));
                next[NODES + i] = nodes.id(draft.node());
                reached(at, names.id("accepts the store m" + i), false, next, null);
            }
        }
    }

    private StoreContents store(int[] state) {
        return stores.value(state[0]);
    }

    private List<FleetNode> machines(int[] state) {
        List<FleetNode> machines = new ArrayList<>(world.members);
        for (int i = 0; i < world.members; i++) {
            machines.add(nodes.value(state[NODES + i]));
        }
        return machines;
    }

    private List<String> trace(int last) {
        LinkedList<String> trace = new LinkedList<>();
        for (int id = last; id > 0; id = parents[id]) {
            trace.addFirst(names.value(labels[id]));
        }
        return trace;
    }
}
