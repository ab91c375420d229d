package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Steps of one machine, as they are found. */
abstract class StepList {

    /**
     * A step.
     *
     * @param isFault whether the fleet settles without it
     * @param cost what it takes of the budgets
     * @param away a machine that has to be down, or cut off if the operator may be wrong; -1 if none
     * @param drained the epoch of which the step says that all is drained; -1 if none
     */
    record Step(
            String name,
            boolean isFault,
            int cost,
            int away,
            int drained,
            FleetNode node,
            StoreContents store,
            @Nullable String violation) {}

    final FleetWorld world;
    final FleetNode node;
    final StoreContents store;
    private final List<Step> steps = new ArrayList<>();

    StepList(FleetWorld world, FleetNode node, StoreContents store) {
        this.world = world;
        this.node = node;
        this.store = store;
    }

    final List<Step> steps() {
        return steps;
    }

    final void step(String name, Consumer<Draft> change) {
        step(name, false, 0, -1, -1, change);
    }

    final void fault(String name, int cost, Consumer<Draft> change) {
        step(name, true, cost, -1, -1, change);
    }

    final void step(String name, boolean isFault, int cost, int away, int drained, Consumer<Draft> change) {
        Draft draft = new Draft(node, store, world);
        change.accept(draft);
        FleetNode next = draft.node();
        if (draft.blocked || next.equals(node) && draft.store.equals(store)) {
            return;
        }
        steps.add(new Step(name + " " + node.name(), isFault, cost, away, drained, next, draft.store, draft.violation));
    }

    static StoreUpdate endOfLeases(String member) {
        return new StoreUpdate(Purpose.LEAVE, List.of(), List.of(new Edit.DeleteUnder("here/" + member + "/")));
    }

    /** Returns the epoch of which an update says that all is drained; -1 if it does not. */
    static int drained(StoreUpdate update) {
        for (Edit edit : update.then()) {
            if (edit instanceof Edit.Put put
                    && put.value() instanceof FleetReceipt receipt
                    && receipt.state() == ReceiptState.DRAINED) {
                return FleetFixture.epochOfReceipt(put.key());
            }
        }
        return -1;
    }
}
