package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The end of a change: its receipt. Whoever is there may close it, so the end of a coordinator leaves none open. */
public final class FleetReceipts {

    private FleetReceipts() {}

    /**
     * Returns the update that closes a receipt, and frees the lock of its change.
     *
     * @param giveUp whether members that have not reported are waited for no more
     * @return null if the receipt is not open, or if members are waited for
     */
    public static @Nullable StoreUpdate close(String service, long epoch, boolean giveUp, StoreContents contents) {
        FleetReceipt open = contents.receipt(service, epoch);
        Decision made = contents.decision(service);
        if (open == null || open.state() != ReceiptState.OPEN || made == null) {
            return null;
        }
        SortedMap<String, String> reports = ChangeUpdates.reports(open.change(), contents);
        boolean isDrained = reports.keySet().containsAll(contents.roster());
        ReceiptState state = isDrained && open.leftOut().isEmpty() ? ReceiptState.DRAINED : ReceiptState.NOT_DRAINED;
        if (made.epoch() != epoch) {
            state = ReceiptState.SUPERSEDED;
        } else if (!giveUp && !hasReported(reports.keySet(), open.leftOut(), contents.roster())) {
            return null;
        }
        FleetKey receipt = FleetKey.receipt(service, epoch);
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.Put(receipt, new FleetReceipt(open.change(), state, open.leftOut(), reports)));
        Intent intent = contents.intent(service);
        if (intent != null && intent.change().equals(open.change())) {
            edits.addAll(ChangeUpdates.leftOvers(service, ChangeUpdates.MOST_LEFT_OVERS, contents));
            edits.add(new Edit.Delete(FleetKey.change(service)));
        } else {
            // A change without a lock has nobody else to do it. The reports stand in the receipt from now on.
            edits.add(new Edit.DeleteUnder(ChangeUpdates.reportsOf(open.change())));
        }
        return new StoreUpdate(
                Purpose.CLOSE,
                List.of(
                        ChangeUpdates.unchanged(FleetKey.state(service), contents),
                        ChangeUpdates.unchanged(receipt, contents),
                        ChangeUpdates.unchanged(FleetKey.change(service), contents)),
                edits);
    }

    /** Members that were left out are not waited for. */
    private static boolean hasReported(Set<String> reported, Set<String> leftOut, Set<String> roster) {
        return roster.stream().allMatch(member -> reported.contains(member) || leftOut.contains(member));
    }
}
