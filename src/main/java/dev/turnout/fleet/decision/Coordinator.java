package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.CoordinatorEvent.BeginLost;
import dev.turnout.fleet.decision.CoordinatorEvent.BeginRefused;
import dev.turnout.fleet.decision.CoordinatorEvent.Seen;
import dev.turnout.fleet.decision.FleetAction.Read;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetOutcome.Why;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One change of one service, from its lock to its receipt: an immutable value. An event makes the next value and actions.
 *
 * <p>The coordinator decides nothing by what it has seen. It builds the commit from what it has seen, and the store compares
 * all of it. If this process ends, the lock goes with its lease, and nobody is bound for longer than its patience.
 *
 * @param order what is to be changed
 * @param life of the store that the change began in
 * @param leftOut the members whose votes are not asked, with the revision at which each has last said that it is here
 * @param stage how far the change is
 * @param outcome what the change has come to; null as long as it is open
 */
public record Coordinator(
        FleetOrder order,
        String life,
        SortedMap<String, Long> leftOut,
        Stage stage,
        @Nullable FleetOutcome outcome) {

    /** How far a change is, as its coordinator knows. */
    public enum Stage {
        /** The lock is asked for, or a decision without votes. */
        LOCKING,
        /** The lock was had. The change may be committed, or may be given up. */
        OPEN,
        /** The change is being given up. It may be committed nevertheless. */
        GIVING_UP,
        /** The change was decided. The members drain. */
        DECIDED,
        /** The time for the drain is over. */
        CLOSING,
        /** Nothing is left to do. */
        OVER
    }

    public Coordinator {
        leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
    }

    /** Begins a change, or refuses it with nothing done. */
    public static Reaction<Coordinator> begin(FleetOrder order, StoreContents contents) {
        SortedMap<String, Long> leftOut = new TreeMap<>();
        order.leftOut().forEach(member -> leftOut.put(member, contents.written(FleetKey.started(member))));
        Coordinator next = new Coordinator(order, contents.life(), leftOut, Stage.LOCKING, null);
        FleetOutcome refusal = next.refusal(contents);
        if (refusal != null) {
            return Reaction.of(next.over(refusal));
        }
        return order.kind().needsVotes()
                ? Reaction.of(next, new Send(ChangeUpdates.lock(order, contents)))
                : Reaction.of(next, new Send(ChangeUpdates.commitPlain(order, contents)));
    }

    /** Takes an event. */
    public Reaction<Coordinator> on(CoordinatorEvent event) {
        if (stage == Stage.OVER) {
            return Reaction.of(this);
        }
        if (event instanceof Seen seen) {
            return seen(seen.contents());
        }
        if (event instanceof BeginRefused refused) {
            return notBegun(refused.contents(), true);
        }
        if (event instanceof BeginLost lost) {
            return notBegun(lost.contents(), false);
        }
        return switch (stage) {
            case DECIDED -> Reaction.of(at(Stage.CLOSING), new Read());
            case LOCKING, OPEN -> Reaction.of(at(Stage.GIVING_UP), new Read());
            default -> Reaction.of(this);
        };
    }

    /**
     * Takes that the store has not said yes to the first update.
     *
     * <p>A lock is not sent again: nobody takes a lock twice under one id. If it is taken after all, it is freed as one that
     * nobody leads. A decision without votes is sent again: it compares the decision before, so it is made once.
     *
     * @param isRefused whether it has said no
     */
    private Reaction<Coordinator> notBegun(StoreContents contents, boolean isRefused) {
        Reaction<Coordinator> seen = seen(contents);
        boolean isOpen = seen.next().equals(this)
                && (stage == Stage.LOCKING || !order.kind().needsVotes());
        if (!isOpen) {
            return seen;
        }
        if (isRefused) {
            FleetOutcome why = refusal(contents);
            return Reaction.of(over(why == null ? new Refused(Why.OVERTAKEN, Set.of()) : why));
        }
        if (order.kind().needsVotes()) {
            return Reaction.of(over(new Refused(Why.LOCK_NOT_TAKEN, Set.of())));
        }
        return stage == Stage.LOCKING
                ? Reaction.of(this, new Send(ChangeUpdates.commitPlain(order, contents)))
                : Reaction.of(over(new Refused(Why.NOT_KNOWN, Set.of())));
    }

    /** Returns why the change can't begin; null if it can. */
    private @Nullable FleetOutcome refusal(StoreContents contents) {
        Decision made = contents.decision(order.service());
        if (made == null) {
            return new Refused(Why.NO_SERVICE, Set.of());
        }
        if (made.epoch() != order.base()) {
            return new Refused(Why.OVERTAKEN, Set.of());
        }
        Intent holder = contents.intent(order.service());
        if (holder != null) {
            return new Refused(Why.BUSY, Set.of(holder.member()));
        }
        Set<String> strangers = new TreeSet<>(leftOut.keySet());
        strangers.removeAll(contents.roster());
        if (!strangers.isEmpty()) {
            return new Refused(Why.NO_MEMBER, strangers);
        }
        Set<String> here = new TreeSet<>(leftOut.keySet());
        here.removeIf(member -> !contents.isPresent(member));
        if (!here.isEmpty()) {
            return new Refused(Why.MEMBER_HERE, here);
        }
        Set<String> lacking = new TreeSet<>(needed(contents));
        lacking.retainAll(ServiceEnrolment.lacking(order.service(), contents));
        if (order.kind().needsVotes() && !lacking.isEmpty()) {
            return new Refused(Why.MEMBER_LACKS, lacking);
        }
        Set<String> missing = missing(contents);
        return order.kind().needsVotes() && !missing.isEmpty() ? new Refused(Why.MEMBER_MISSING, missing) : null;
    }

    private Reaction<Coordinator> seen(StoreContents contents) {
        if (!contents.life().equals(life)) {
            return Reaction.of(over(new Refused(Why.STORE_WENT_BACK, Set.of())));
        }
        FleetReceipt receipt = contents.receipt(order.service(), order.next().revision());
        if (receipt != null && receipt.change().equals(order.change())) {
            return decided(receipt, contents);
        }
        Decision made = contents.decision(order.service());
        if (made == null || made.epoch() != order.base()) {
            return Reaction.of(over(new Refused(Why.OVERTAKEN, Set.of())));
        }
        return order.kind().needsVotes() ? lead(contents) : Reaction.of(this);
    }

    /** Takes the change on as far as the members are. */
    private Reaction<Coordinator> lead(StoreContents contents) {
        Intent intent = contents.intent(order.service());
        if (intent == null || !intent.change().equals(order.change())) {
            // Commit and arm compare the lock, and nobody takes a lock twice under one id: this change is never made.
            return stage == Stage.LOCKING ? Reaction.of(this) : Reaction.of(over(givenUp(contents)));
        }
        Coordinator open = stage == Stage.LOCKING ? at(Stage.OPEN) : this;
        // Nobody is bound while the gates are asked: a member that has gone since is not waited for.
        boolean isInVain =
                intent.step() == IntentStep.GATE && !missing(contents).isEmpty();
        if (open.stage == Stage.GIVING_UP
                || isInVain
                || ChangeUpdates.refusal(order, needed(contents), contents) != null) {
            return Reaction.of(open.at(Stage.GIVING_UP), new Send(ChangeUpdates.abort(order, contents)));
        }
        if (intent.step() == IntentStep.GATE) {
            return ChangeUpdates.missingGates(order, needed(contents), contents).isEmpty()
                    ? Reaction.of(open, new Send(ChangeUpdates.arm(intent, contents)))
                    : Reaction.of(open);
        }
        return missingVotes(contents).isEmpty()
                ? Reaction.of(open, new Send(ChangeUpdates.commit(order, needed(contents), leftOut, contents)))
                : Reaction.of(open);
    }

    private FleetOutcome givenUp(StoreContents contents) {
        Refused against = ChangeUpdates.refusal(order, needed(contents), contents);
        if (against != null) {
            return against;
        }
        if (stage != Stage.GIVING_UP) {
            return new Refused(Why.LOCK_LOST, Set.of());
        }
        Set<String> silent = missingVotes(contents);
        Set<String> gone = missing(contents);
        gone.retainAll(silent);
        return gone.isEmpty() ? new Refused(Why.MEMBER_SLOW, silent) : new Refused(Why.MEMBER_MISSING, gone);
    }

    private Reaction<Coordinator> decided(FleetReceipt receipt, StoreContents contents) {
        Coordinator next = stage == Stage.CLOSING || stage == Stage.DECIDED ? this : at(Stage.DECIDED);
        if (receipt.state() != ReceiptState.OPEN) {
            return Reaction.of(next.over(new FleetOutcome.Made(receipt)));
        }
        StoreUpdate close =
                FleetReceipts.close(order.service(), order.next().revision(), stage == Stage.CLOSING, contents);
        return close == null ? Reaction.of(next) : Reaction.of(next, new Send(close));
    }

    private Set<String> missingVotes(StoreContents contents) {
        Set<String> missing = new TreeSet<>(needed(contents));
        missing.removeIf(member -> contents.vote(order.change(), member) != null);
        return missing;
    }

    /** Returns the members whose votes the change needs, and that are not here. */
    private Set<String> missing(StoreContents contents) {
        Set<String> missing = new TreeSet<>(needed(contents));
        missing.removeIf(contents::isPresent);
        return missing;
    }

    /** Returns the members whose votes the change needs. */
    private Set<String> needed(StoreContents contents) {
        Set<String> needed = new TreeSet<>(contents.roster());
        needed.removeAll(leftOut.keySet());
        return needed;
    }

    private Coordinator at(Stage next) {
        return new Coordinator(order, life, leftOut, next, outcome);
    }

    private Coordinator over(FleetOutcome result) {
        return new Coordinator(order, life, leftOut, Stage.OVER, result);
    }

    /**
     * Returns the update that frees a lock which this member holds for a change that none of its processes leads; null if
     * there is no such lock.
     *
     * @param led the ids of the changes that this process leads
     */
    public static @Nullable StoreUpdate freeLock(Seat seat, Set<String> led, StoreContents contents) {
        Intent intent = contents.intent(seat.service());
        if (intent == null || !intent.member().equals(seat.member())) {
            return null;
        }
        boolean isLed = intent.process().equals(seat.process())
                ? led.contains(intent.change())
                : contents.has(FleetKey.here(intent.member(), intent.process()));
        return isLed ? null : ChangeUpdates.free(seat.service(), contents);
    }
}
