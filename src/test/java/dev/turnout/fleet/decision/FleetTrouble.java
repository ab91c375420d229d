package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetWorld.Budget;
import dev.turnout.fleet.decision.ParticipantEvent.ServeInDoubt;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.List;
import java.util.Locale;

/** The steps that happen to a machine: requests of clients, updates that arrive or are lost, and faults. */
final class FleetTrouble extends StepList {

    private FleetTrouble(FleetWorld world, FleetNode node, StoreContents store) {
        super(world, node, store);
    }

    static List<Step> of(FleetWorld world, FleetNode node, StoreContents store) {
        FleetTrouble all = new FleetTrouble(world, node, store);
        all.traffic();
        all.requests();
        all.cutOff();
        all.faults();
        return all.steps();
    }

    // ------------------------------------------------------------------ traffic

    private void traffic() {
        // Members are alike: requests at the last one are enough, a violation at another is one here with other names.
        boolean hasTraffic = !world.noTraffic && (world.trafficEverywhere || node.member() == world.members - 1);
        int served = 1 << node.served();
        if (hasTraffic && node.serves() && (node.inFlight() & served) == 0) {
            step("request at e" + node.served(), draft -> draft.inFlight |= served);
        }
        for (int epoch = 0; epoch < 4; epoch++) {
            int bit = 1 << epoch;
            if ((node.inFlight() & bit) != 0) {
                step("request ends e" + epoch, draft -> draft.inFlight &= ~bit);
            }
            if ((node.before() & bit) != 0) {
                step("predecessor's request ends e" + epoch, draft -> draft.before &= ~bit);
            }
        }
    }

    // ------------------------------------------------------------------ requests under way

    private void requests() {
        for (StoreUpdate update : node.wire()) {
            String what = update.purpose().name().toLowerCase(Locale.ROOT);
            if (!node.connected()) {
                fault(what + " lost", 0, draft -> draft.unwire(update));
                continue;
            }
            StoreContents after = ModelStore.apply(store, update);
            StoreContents next = after == null ? store : after;
            boolean decides = after != null && update.purpose() == Purpose.COMMIT;
            String violation = decides && store.has(receiptOf(update)) ? "I1 two decisions for one epoch" : null;
            int drained = after == null ? -1 : drained(update);
            step("store: " + what + (after == null ? " refused" : " ok"), false, 0, -1, drained, draft -> {
                draft.unwire(update);
                draft.store = next;
                draft.violation = violation;
            });
            if (decides) {
                fault("store: " + what + " ok, and comes again", Budget.DUPLICATE.cost(), draft -> {
                    draft.store = next;
                    draft.violation = violation;
                });
            }
        }
    }

    private static FleetKey receiptOf(StoreUpdate commit) {
        return commit.then().stream()
                .map(edit -> ((Edit.Put) edit).key())
                .filter(key -> key.isUnder("receipt/"))
                .findFirst()
                .orElseThrow();
    }

    // ------------------------------------------------------------------ faults

    private void cutOff() {
        Participant part = node.part();
        if (world.servesInDoubt && part != null && !node.connected() && part.isHolding()) {
            fault(
                    "in doubt: serves on",
                    0,
                    draft -> draft.give(new ServeInDoubt(part.bound().change())));
        }
        if (!node.connected()) {
            step("reconnect", draft -> draft.connected = true);
        } else {
            fault("cut off", Budget.CUT.cost(), draft -> draft.connected = false);
        }
    }

    private void faults() {
        if (node.disk() == null || node.part() == null && node.up()) {
            joins();
            return;
        }
        if (node.up()) {
            fault("crash", Budget.CRASH.cost(), Draft::crash);
            if (!store.roster().contains(node.name())) {
                joins();
            } else if (node.wire().isEmpty()
                    && node.change() == null
                    && node.part().bound() == null) {
                fault("hand-over", Budget.HAND_OVER.cost(), draft -> {
                    draft.before |= draft.inFlight;
                    draft.inFlight = 0;
                    draft.start(world.startsAlone);
                });
            }
        } else {
            step("restart", draft -> draft.start(world.startsAlone));
        }
        Intent intent = store.intent(FleetFixture.SHOP);
        if (store.isPresent(node.name())) {
            fault("lease ends", Budget.LEASE.cost(), draft -> {
                draft.send(endOfLeases(node.name()));
                if (intent != null && intent.member().equals(node.name())) {
                    draft.send(new StoreUpdate(
                            Purpose.LEAVE, List.of(), List.of(new Edit.Delete(FleetKey.change(FleetFixture.SHOP)))));
                }
            });
        }
    }

    /** Reads what is decided, writes it to the disk, and asks to be enrolled at that. */
    private void joins() {
        boolean asks = node.wire().stream().anyMatch(update -> update.purpose() == Purpose.ENROL);
        if (node.up() && node.connected() && !asks && !store.roster().contains(node.name())) {
            step("asks to join", draft -> {
                draft.disk = new FleetAction.OwnRecord(store.decision(FleetFixture.SHOP), null);
                draft.starts = 0;
                draft.start(false);
                draft.send(Enrolment.enrol(node.name(), node.process(), "", List.of(FleetFixture.SHOP), store));
            });
        }
    }
}
