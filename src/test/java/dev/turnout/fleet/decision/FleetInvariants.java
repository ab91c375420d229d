package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds in every state of an explored fleet. */
final class FleetInvariants {

    private FleetInvariants() {}

    /** Returns what is broken; null if nothing is. */
    static @Nullable String broken(FleetWorld world, StoreContents store, List<FleetNode> machines) {
        for (FleetNode one : machines) {
            for (FleetNode other : machines) {
                boolean mixes = one.serves() && other.serves() && one.served() > other.served();
                if (mixes && world.mixingMatters) {
                    return "I2 mixing: " + one.name() + " serves e" + one.served() + " while " + other.name()
                            + " serves e" + other.served();
                }
            }
        }
        Decision made = store.decision(FleetFixture.SHOP);
        int epoch = FleetFixture.epoch(made);
        FleetReceipt receipt = store.receipt(FleetFixture.SHOP, made.epoch());
        if (receipt == null || receipt.state() != ReceiptState.DRAINED) {
            return null;
        }
        int old = (1 << epoch) - 1;
        for (FleetNode node : machines) {
            if (node.up() && ((node.inFlight() | node.before()) & old) != 0) {
                return "I3 receipt e" + epoch + " says drained, " + node.name() + " has requests there";
            }
            if (node.serves() && node.served() < epoch) {
                return "I3 receipt e" + epoch + " says drained, " + node.name() + " sends there";
            }
        }
        return null;
    }

    /** Returns true if nothing is left to do. */
    static boolean isSettled(StoreContents store, List<FleetNode> machines) {
        int epoch = FleetFixture.epoch(store.decision(FleetFixture.SHOP));
        boolean open = store.under("receipt/").values().stream()
                .anyMatch(entry -> ((FleetReceipt) entry.value()).state() == ReceiptState.OPEN);
        if (open || store.intent(FleetFixture.SHOP) != null) {
            return false;
        }
        return machines.stream()
                .filter(node -> store.roster().contains(node.name()))
                .allMatch(node ->
                        node.serves() && node.connected() && node.part().bound() == null && node.served() == epoch);
    }
}
