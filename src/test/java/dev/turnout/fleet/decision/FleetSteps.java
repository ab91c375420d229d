package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.CoordinatorEvent.TimeOver;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.FleetWorld.Budget;
import dev.turnout.fleet.decision.ParticipantEvent.AppliedByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Drained;
import dev.turnout.fleet.decision.ParticipantEvent.GivenUpByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.PatienceOver;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The steps that one machine may make next: they depend on the machine, the store, and what may still go wrong. */
final class FleetSteps extends StepList {

    /** Counts the changes that were begun, so that each has an id of its own. Not part of the protocol. */
    static final FleetKey BEGUN = new FleetKey("begun");

    private FleetSteps(FleetWorld world, FleetNode node, StoreContents store) {
        super(world, node, store);
    }

    static List<Step> of(FleetWorld world, FleetNode node, StoreContents store) {
        FleetSteps own = new FleetSteps(world, node, store);
        if (node.up() && node.part() != null && node.connected()) {
            own.reads();
            if (node.life().equals(store.life())) {
                own.participant();
                own.coordinator();
                own.upkeep();
            }
        }
        List<Step> all = new ArrayList<>(own.steps());
        all.addAll(FleetTrouble.of(world, node, store));
        return all;
    }

    // ------------------------------------------------------------------ participant

    private StoreContents seen() {
        StoreContents seen = world.mutation == Mutation.STORE_IDENTITY
                ? new StoreContents(node.part().life(), store.entries())
                : store;
        return known(seen);
    }

    /** Acknowledgements are not explored: each is known at once. */
    private StoreContents known(StoreContents contents) {
        Participant part = node.part();
        return ModelStore.with(
                contents,
                FleetKey.applied(FleetFixture.SHOP, node.name()),
                new FleetValue.Applied(part.epoch(), node.process()));
    }

    private void reads() {
        step(nameOfRead(), this::read);
    }

    private void read(Draft draft) {
        draft.give(new Seen(seen()));
        if (draft.drains) {
            int old = (1 << draft.served) - 1;
            boolean mattersBefore = world.mutation != Mutation.DRAIN_OF_PREDECESSOR;
            if ((draft.inFlight & old) == 0 && (!mattersBefore || (draft.before & old) == 0)) {
                draft.give(new Drained(draft.part.epoch(), ""));
            }
        }
    }

    private String nameOfRead() {
        Draft draft = new Draft(node, store, world);
        read(draft);
        if (draft.served != node.served()) {
            return "apply e" + draft.served;
        }
        boolean wasBound = node.part().bound() != null;
        boolean isBound = draft.part.bound() != null;
        if (wasBound != isBound) {
            return isBound ? "arm" : "not committed, goes on";
        }
        if (draft.drains) {
            return "report drained";
        }
        return draft.wire.size() > node.wire().size() ? "send again" : "read";
    }

    private void participant() {
        Participant.Bound bound = node.part().bound();
        if (bound != null && !bound.withdrawing() && !world.patient) {
            step("send withdrawal " + bound.change(), draft -> {
                draft.give(new PatienceOver(bound.change()));
                draft.give(new Seen(seen()));
                if (world.mutation == Mutation.HOLD_UNTIL_KNOWN
                        && draft.wire.size() > node.wire().size()) {
                    FleetKey mark = FleetKey.refused(bound.change(), node.name());
                    Refusal withdrawn = new Refusal(FleetFixture.SHOP, RefusalReason.WITHDRAWN);
                    draft.give(new Seen(ModelStore.with(seen(), mark, withdrawn)));
                }
            });
        }
        if (node.owesRecord()) {
            step("persist", draft -> {
                draft.disk = new FleetAction.OwnRecord(draft.part.decision(), null);
                draft.owesRecord = false;
            });
        }
        if (world.mutation == Mutation.MONOTONIC && bound == null) {
            for (int epoch = 0; epoch < node.served(); epoch++) {
                Decision late = FleetFixture.decision(epoch, "c" + epoch);
                Decision earlier = FleetFixture.decision(epoch - 1, "c" + (epoch - 1));
                step("late event e" + epoch, draft -> {
                    Participant now = draft.part;
                    draft.part = new Participant(now.seat(), now.life(), earlier, true, true, false, null);
                    draft.give(new Seen(Mutation.replaced(seen(), FleetKey.state(FleetFixture.SHOP), late)));
                });
            }
        }
        if (world.mutation == Mutation.DRAIN_AFTER_APPLY) {
            Decision made = store.decision(FleetFixture.SHOP);
            FleetReceipt receipt = store.receipt(FleetFixture.SHOP, made.epoch());
            int old = (1 << FleetFixture.epoch(made)) - 1;
            if (receipt != null && receipt.state() == ReceiptState.OPEN && (node.inFlight() & old) == 0) {
                FleetKey done = FleetKey.done(made.change(), node.name());
                step(
                        "report drained",
                        draft -> draft.store =
                                ModelStore.with(store, done, new Done(FleetFixture.SHOP, made.epoch(), "")));
            }
        }
    }

    /** Returns what a member may do that reads what has become of its vote of a replica that is behind. */
    static List<Step> stale(FleetWorld world, FleetNode node, StoreContents store, StoreContents replica) {
        FleetSteps all = new FleetSteps(world, node, store);
        boolean isBound = node.part() != null && node.part().bound() != null && node.connected();
        if (isBound) {
            all.step("stale read", draft -> {
                draft.give(new Seen(all.known(replica)));
                draft.blocked |= draft.part.bound() != null;
            });
        }
        return all.steps();
    }

    /** Returns what a member that is cut off from the store learns of another one, which it asks. */
    static List<Step> asking(FleetWorld world, FleetNode node, StoreContents store, FleetNode peer) {
        FleetSteps all = new FleetSteps(world, node, store);
        if (node.up() && !node.connected() && node.part() != null && node.part().bound() != null && peer.up()) {
            Decision made = world.mutation.peerTells(peer);
            String givenUp = world.mutation.peerTellsGivenUp(peer);
            all.step("asks " + peer.name(), draft -> {
                if (made != null) {
                    draft.give(new AppliedByPeer(made));
                }
                if (givenUp != null) {
                    draft.give(new GivenUpByPeer(givenUp));
                }
            });
        }
        return all.steps();
    }

    // ------------------------------------------------------------------ coordinator

    private void coordinator() {
        if (node.change() == null) {
            begins();
            return;
        }
        String change = node.change().order().change();
        step("coordinator of " + change + " reads", draft -> draft.give(new CoordinatorEvent.Seen(coordinated())));
        if (node.change().stage() == Coordinator.Stage.LOCKING && !world.patient) {
            step(
                    "coordinator hears nothing of the lock of " + change,
                    draft -> draft.give(new CoordinatorEvent.BeginLost(coordinated())));
        }
        if (node.change().stage() == Coordinator.Stage.OPEN && !world.patient) {
            step("coordinator gives up " + change, draft -> {
                draft.give(new TimeOver());
                draft.give(new CoordinatorEvent.Seen(coordinated()));
                draft.give(new CoordinatorEvent.Seen(world.mutation.coordinatorSees(draft.store)));
            });
        }
    }

    private StoreContents coordinated() {
        return world.mutation.coordinatorSees(store);
    }

    private void begins() {
        Participant part = node.part();
        Decision made = store.decision(FleetFixture.SHOP);
        boolean may = part.confirmed()
                && part.bound() == null
                && store.intent(FleetFixture.SHOP) == null
                && made.epoch() == part.epoch()
                && store.isHere(node.name(), node.process())
                && FleetFixture.epoch(made) < 3;
        if (may) {
            begin(-1);
            for (int other = 0; other < world.members && world.leftOut > 0; other++) {
                if (other != node.member() && store.roster().contains("m" + other)) {
                    begin(other);
                }
            }
        }
    }

    private void begin(int leftOut) {
        int number = (int) store.written(BEGUN) + 1;
        TreeSet<String> without = new TreeSet<>();
        int cost = Budget.CHANGE.cost();
        String name = "lock c" + number;
        StoreContents before = ModelStore.with(store, BEGUN, new Started(""));
        if (leftOut >= 0) {
            String member = "m" + leftOut;
            without.add(member);
            cost += Budget.LEFT_OUT.cost();
            name += " without " + member;
            before = ModelStore.apply(before, endOfLeases(member));
        }
        StoreContents begun = before;
        step(name, leftOut >= 0, cost, leftOut, -1, draft -> {
            draft.store = begun;
            Decision now = begun.decision(FleetFixture.SHOP);
            FleetOrder order = new FleetOrder(
                    "c" + number,
                    FleetFixture.shop(FleetFixture.epoch(now) + 1).atRevision(now.epoch() + 1),
                    ChangeKind.SWITCH,
                    world.strict,
                    false,
                    without,
                    draft.seat());
            Reaction<Coordinator> reaction = Coordinator.begin(order, begun);
            draft.change = reaction.next();
            draft.blocked = reaction.next().stage() == Coordinator.Stage.OVER;
            reaction.actions().forEach(draft::carryOut);
        });
    }

    // ------------------------------------------------------------------ what any member does

    private void upkeep() {
        if (store.roster().contains(node.name()) && !store.isHere(node.name(), node.process())) {
            step("says that it is here", draft -> {
                draft.send(endOfLeases(node.name()));
                draft.send(Enrolment.register(node.name(), node.process()));
            });
        }
        StoreUpdate free = Coordinator.freeLock(
                FleetFixture.seat(node.name(), node.starts()),
                node.change() == null ? Set.of() : Set.of(node.change().order().change()),
                store);
        if (free != null) {
            step("free the lock", draft -> draft.send(free));
        }
        store.under("receipt/").keySet().forEach(key -> close(key, false));
        FleetKey now = FleetKey.receipt(
                FleetFixture.SHOP, store.decision(FleetFixture.SHOP).epoch());
        if (!world.patient && store.has(now)) {
            close(now, true);
        }
    }

    private void close(FleetKey receipt, boolean givesUp) {
        int epoch = FleetFixture.epochOfReceipt(receipt);
        StoreUpdate close = FleetReceipts.close(
                FleetFixture.SHOP,
                FleetFixture.revisionOfReceipt(receipt),
                givesUp,
                world.mutation.closerSees(store, epoch));
        if (close != null) {
            StoreUpdate sent = world.mutation.sent(close, store);
            boolean isDrained = drained(sent) > 0;
            String name = "receipt e" + epoch + (isDrained ? ": drained everywhere" : ": not drained");
            step(name, false, 0, -1, world.slowReceipts ? -1 : drained(sent), draft -> draft.send(sent));
        }
    }
}
