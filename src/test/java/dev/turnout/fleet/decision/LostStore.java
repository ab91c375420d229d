package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.Collections;
import java.util.List;
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

    /** Returns the store after an operator has told it the highest decision that a member knows. */
    static StoreContents recovered(StoreContents store, Decision most) {
        FleetReceipt unknown = new FleetReceipt(
                most.change(), ReceiptState.NOT_DRAINED, Collections.emptySortedSet(), new TreeMap<>());
        StoreContents told = ModelStore.with(store, FleetKey.state(FleetFixture.SHOP), most);
        return ModelStore.with(told, FleetKey.receipt(FleetFixture.SHOP, most.epoch()), unknown);
    }
}
