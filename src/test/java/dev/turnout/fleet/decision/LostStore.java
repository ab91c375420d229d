package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Recovered;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store that was put back to a backup, and its recovery. */
final class LostStore {

    private LostStore() {}

    /** Returns the store one decision earlier, in another life. */
    static StoreContents putBack(StoreContents store, int epoch) {
        FleetReceipt receipt =
                store.receipt(FleetFixture.SHOP, FleetFixture.shop(epoch - 1).revision());
        String change = receipt == null ? "c0" : receipt.change();
        StoreContents back =
                Mutation.replaced(store, FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(epoch - 1, change));
        back = ModelStore.apply(
                back,
                new StoreUpdate(
                        Purpose.LEAVE,
                        List.of(),
                        List.of(
                                new Edit.Delete(FleetKey.receipt(
                                        FleetFixture.SHOP,
                                        FleetFixture.shop(epoch).revision())),
                                new Edit.DeleteUnder("done/"),
                                new Edit.Delete(FleetKey.change(FleetFixture.SHOP)))));
        return new StoreContents("second", back.entries());
    }

    /**
     * Returns the store after an operator has told it what the members know.
     *
     * @param told what each member has applied
     */
    static StoreContents recovered(StoreContents store, SortedMap<String, Decision> told, Mutation mutation) {
        SortedMap<String, SortedMap<String, Decision>> all = new TreeMap<>();
        mutation.told(told).forEach((member, made) -> all.put(member, new TreeMap<>(Map.of(FleetFixture.SHOP, made))));
        SortedMap<String, String> roster =
                ((Roster) store.entry(FleetKey.ROSTER).value()).members();
        StoreUpdate update = Recovery.of(all, store).update("r1", roster, Collections.emptySortedSet(), store);
        return ModelStore.apply(store, mutation.sent(update, store));
    }

    /** Returns true if a member that does not believe a store believes it now. */
    static boolean isBelieved(StoreContents store, Decision inForce, Mutation mutation) {
        StoreContents seen = mutation == Mutation.RECOVERY_LEAVES_A_MARK
                ? ModelStore.with(store, FleetKey.RECOVERED, new Recovered("r1"))
                : store;
        return Recovery.believable(seen, Map.of(FleetFixture.SHOP, inForce)).isPresent();
    }
}
