package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetAction.Armed;
import dev.turnout.fleet.decision.FleetAction.AskPeers;
import dev.turnout.fleet.decision.FleetAction.Await;
import dev.turnout.fleet.decision.FleetAction.Disbelieve;
import dev.turnout.fleet.decision.FleetAction.Doubt;
import dev.turnout.fleet.decision.FleetAction.Drain;
import dev.turnout.fleet.decision.FleetAction.Hold;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetAction.Publish;
import dev.turnout.fleet.decision.FleetAction.Read;
import dev.turnout.fleet.decision.FleetAction.Record;
import dev.turnout.fleet.decision.FleetAction.Release;
import dev.turnout.fleet.decision.FleetAction.Retire;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.ParticipantEvent.Accepted;
import dev.turnout.fleet.decision.ParticipantEvent.AppliedByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Drained;
import dev.turnout.fleet.decision.ParticipantEvent.GivenUpByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Leaving;
import dev.turnout.fleet.decision.ParticipantEvent.PatienceOver;
import dev.turnout.fleet.decision.ParticipantEvent.RecordFailed;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import dev.turnout.fleet.decision.ParticipantEvent.ServeInDoubt;
import dev.turnout.fleet.decision.ParticipantEvent.StartAlone;
import dev.turnout.fleet.decision.ParticipantEvent.Unreachable;
import org.jspecify.annotations.Nullable;

/**
 * The part of one process in the changes of one service: an immutable value. An event makes the next value and actions.
 *
 * <p>What carries everything: a member that is bound by a vote goes on only when it knows what was decided, or when its
 * vote can't count any more. A member that is not bound knows that nothing was decided without it.
 *
 * @param seat which process this is
 * @param life of the store that is believed
 * @param decision in force here; never replaced by an older one
 * @param recorded whether the disk says so too
 * @param confirmed whether the front is open: the store was read since the start, or this process serves alone
 * @param leaving whether this process votes no more
 * @param bound the vote that is not settled yet; null if there is none
 */
public record Participant(
        Seat seat,
        String life,
        Decision decision,
        boolean recorded,
        boolean confirmed,
        boolean leaving,
        @Nullable Bound bound) {

    /**
     * A vote that is not settled yet.
     *
     * @param change that was voted for; the epoch it begins at is that of the decision in force
     * @param holds whether new requests are kept
     * @param withdrawing whether the vote is being taken back
     */
    public record Bound(String change, boolean holds, boolean withdrawing) {

        Bound taken() {
            return new Bound(change, holds, true);
        }

        Bound letGo() {
            return new Bound(change, false, withdrawing);
        }
    }

    /** Returns the part of a process that has just started, from what is on its disk. Its front is closed. */
    public static Reaction<Participant> started(Seat seat, String life, OwnRecord disk) {
        Armed armed = disk.armed();
        if (armed == null) {
            return Reaction.of(new Participant(seat, life, disk.decision(), true, false, false, null));
        }
        Bound bound = new Bound(armed.change(), armed.holds(), false);
        Participant next = new Participant(seat, life, disk.decision(), true, false, false, bound);
        Await await = new Await(armed.change());
        return armed.holds() ? Reaction.of(next, new Hold(), await) : Reaction.of(next, await);
    }

    /** Returns the epoch in force here. */
    public long epoch() {
        return decision.epoch();
    }

    /** Returns true if new requests are kept because of a vote. */
    public boolean isHolding() {
        return bound != null && bound.holds();
    }

    /** Takes an event. */
    public Reaction<Participant> on(ParticipantEvent event) {
        if (event instanceof Seen seen) {
            return seen(seen.contents());
        }
        if (event instanceof PatienceOver over) {
            return isBoundTo(over.change()) ? Reaction.of(with(requireBound().taken()), new Read()) : Reaction.of(this);
        }
        if (event instanceof Unreachable) {
            return bound == null && confirmed ? Reaction.of(this) : Reaction.of(this, new AskPeers());
        }
        if (event instanceof AppliedByPeer peer) {
            return peer.decision().epoch() > epoch() ? apply(peer.decision(), confirmed) : Reaction.of(this);
        }
        if (event instanceof GivenUpByPeer peer) {
            return isBoundTo(peer.change()) ? goOn(confirmed) : Reaction.of(this);
        }
        if (event instanceof ServeInDoubt doubt) {
            return isBoundTo(doubt.change()) && isHolding()
                    ? Reaction.of(with(requireBound().letGo()), new Release())
                    : Reaction.of(this);
        }
        if (event instanceof StartAlone) {
            return startAlone();
        }
        if (event instanceof RecordFailed) {
            return recordFailed();
        }
        if (event instanceof Drained drained) {
            return drained(drained);
        }
        if (event instanceof Leaving leaves) {
            return Reaction.of(new Participant(seat, life, decision, recorded, confirmed, leaves.isLeaving(), bound));
        }
        return Reaction.of(
                new Participant(seat, ((Accepted) event).life(), decision, recorded, confirmed, leaving, bound));
    }

    private Reaction<Participant> seen(StoreContents contents) {
        Doubt doubt = doubt(contents);
        if (doubt != null) {
            return Reaction.of(this, new Disbelieve(doubt));
        }
        if (!confirmed && !contents.isStarted(seat.member(), seat.process())) {
            // A commit that leaves this member out compares that nobody has said so: who reads first may be passed
            // over.
            return Reaction.of(this);
        }
        Decision made = contents.decision(seat.service());
        if (made == null) {
            Participant next = new Participant(seat, life, decision, true, true, leaving, null);
            return Reaction.of(next, new Release(), new Retire());
        }
        if (made.epoch() > epoch()) {
            return apply(made, true);
        }
        if (bound != null) {
            return settle(bound, contents);
        }
        if (!confirmed) {
            return Reaction.of(open(), new Release());
        }
        if (!recorded) {
            return Reaction.of(recorded(true), new Record(new OwnRecord(decision, null)), new Send(applied()));
        }
        Intent intent = contents.intent(seat.service());
        if (intent != null && isAsked(intent, contents)) {
            return answer(intent, contents);
        }
        return report(contents);
    }

    /** Says again what the store does not know yet of a decision that is in force here. */
    private Reaction<Participant> report(StoreContents contents) {
        if (!contents.isApplied(seat, epoch())) {
            return Reaction.of(this, new Send(applied()));
        }
        FleetReceipt receipt = contents.receipt(seat.service(), epoch());
        boolean owesReport = receipt != null
                && receipt.state() == ReceiptState.OPEN
                && !contents.has(FleetKey.done(receipt.change(), seat.member()));
        return owesReport ? Reaction.of(this, new Drain(decision)) : Reaction.of(this);
    }

    private @Nullable Doubt doubt(StoreContents contents) {
        if (!contents.life().equals(life)) {
            return Doubt.ANOTHER_LIFE;
        }
        Decision made = contents.decision(seat.service());
        if (made == null && contents.removed(seat.service()) >= epoch()) {
            return null;
        }
        if (made == null) {
            return Doubt.EMPTY;
        }
        if (made.epoch() < epoch()) {
            return Doubt.WENT_BACK;
        }
        return made.epoch() == epoch() && !made.change().equals(decision.change()) ? Doubt.FORKED : null;
    }

    /** Takes over what was decided. The disk comes first: what others are told must outlive this process. */
    private Reaction<Participant> apply(Decision made, boolean isConfirmed) {
        Participant next = new Participant(seat, life, made, true, isConfirmed, leaving, null);
        return Reaction.of(next, new Record(new OwnRecord(made, null)), new Publish(made), new Send(next.applied()));
    }

    /** Finds out what has become of a vote. The store has no later decision than the one here. */
    private Reaction<Participant> settle(Bound vote, StoreContents contents) {
        Intent intent = contents.intent(seat.service());
        boolean isOver = intent == null || !intent.change().equals(vote.change());
        if (isOver || contents.has(FleetKey.refused(vote.change(), seat.member()))) {
            return goOn(true);
        }
        if (vote.withdrawing()) {
            return Reaction.of(this, new Send(Votes.withdrawal(seat, vote.change(), contents)));
        }
        boolean counts = contents.vote(vote.change(), seat.member()) != null;
        return counts || !contents.isHere(seat.member(), seat.process())
                ? Reaction.of(this)
                : Reaction.of(this, new Send(Votes.vote(seat, vote.change(), contents)));
    }

    /** Goes on under the decision in force: the change that was voted for is never made. */
    private Reaction<Participant> goOn(boolean isConfirmed) {
        Participant next = new Participant(seat, life, decision, true, isConfirmed, leaving, null);
        return Reaction.of(next, new Record(new OwnRecord(decision, null)), new Release());
    }

    private boolean isAsked(Intent intent, StoreContents contents) {
        return intent.step() == IntentStep.ARM
                && intent.kind().needsVotes()
                && intent.base() == epoch()
                && contents.isHere(seat.member(), seat.process())
                && !contents.has(FleetKey.refused(intent.change(), seat.member()));
    }

    /** Votes: first the disk, then the hold, then the vote. */
    private Reaction<Participant> answer(Intent intent, StoreContents contents) {
        if (leaving) {
            return Reaction.of(this, new Send(Votes.no(seat, intent.change(), RefusalReason.LEAVING, contents)));
        }
        if (intent.format() > seat.format()) {
            return Reaction.of(this, new Send(Votes.no(seat, intent.change(), RefusalReason.FORMAT, contents)));
        }
        Record record = new Record(new OwnRecord(decision, new Armed(intent.change(), intent.holds())));
        Send vote = new Send(Votes.vote(seat, intent.change(), contents));
        Await await = new Await(intent.change());
        Participant next = with(new Bound(intent.change(), intent.holds(), false));
        return intent.holds()
                ? Reaction.of(next, record, new Hold(), vote, await)
                : Reaction.of(next, record, vote, await);
    }

    private Reaction<Participant> startAlone() {
        if (confirmed) {
            return Reaction.of(this);
        }
        return isHolding() ? Reaction.of(open()) : Reaction.of(open(), new Release());
    }

    private Reaction<Participant> recordFailed() {
        if (bound != null) {
            return Reaction.of(with(bound.taken()), new Read());
        }
        return Reaction.of(recorded(false), new Publish(decision));
    }

    private Reaction<Participant> drained(Drained drained) {
        boolean isTrue = drained.epoch() == epoch() && recorded && confirmed && bound == null;
        return isTrue ? Reaction.of(this, new Send(Votes.done(seat, decision, drained.report()))) : Reaction.of(this);
    }

    private StoreUpdate applied() {
        return Votes.applied(seat, epoch());
    }

    private boolean isBoundTo(String change) {
        return bound != null && bound.change().equals(change);
    }

    private Bound requireBound() {
        if (bound == null) {
            throw new IllegalStateException("not bound by a vote");
        }
        return bound;
    }

    private Participant with(Bound vote) {
        return new Participant(seat, life, decision, recorded, confirmed, leaving, vote);
    }

    private Participant open() {
        return new Participant(seat, life, decision, recorded, true, leaving, bound);
    }

    private Participant recorded(boolean is) {
        return new Participant(seat, life, decision, is, confirmed, leaving, bound);
    }
}
