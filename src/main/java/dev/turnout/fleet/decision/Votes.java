package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.List;

/** The updates by which a member votes and reports. */
final class Votes {

    private Votes() {}

    /** Returns a vote. It counts neither for a later change nor after its withdrawal nor for a later process. */
    static StoreUpdate vote(Seat seat, String change, StoreContents contents) {
        FleetKey started = FleetKey.started(seat.member());
        long revision = contents.written(started);
        return new StoreUpdate(
                Purpose.VOTE,
                List.of(
                        isUnderWay(seat.service(), contents),
                        Condition.absent(FleetKey.refused(change, seat.member())),
                        new Condition.Written(started, revision)),
                List.of(new Edit.Put(FleetKey.armed(change, seat.member()), new Vote(seat.service(), revision))));
    }

    /** Returns a vote against a change. */
    static StoreUpdate no(Seat seat, String change, RefusalReason reason, StoreContents contents) {
        return new StoreUpdate(
                Purpose.REFUSE,
                List.of(isUnderWay(seat.service(), contents)),
                List.of(new Edit.Put(FleetKey.refused(change, seat.member()), new Refusal(seat.service(), reason))));
    }

    /** Returns the withdrawal of a vote. Its mark stays, so that a vote that is still under way does not count. */
    static StoreUpdate withdrawal(Seat seat, String change, StoreContents contents) {
        FleetKey state = FleetKey.state(seat.service());
        return new StoreUpdate(
                Purpose.WITHDRAW,
                List.of(new Condition.Written(state, contents.written(state))),
                List.of(
                        new Edit.Delete(FleetKey.armed(change, seat.member())),
                        new Edit.Put(
                                FleetKey.refused(change, seat.member()),
                                new Refusal(seat.service(), RefusalReason.WITHDRAWN))));
    }

    /** Returns the acknowledgement of a decision. */
    static StoreUpdate applied(Seat seat, long epoch) {
        return new StoreUpdate(
                Purpose.APPLIED,
                List.of(),
                List.of(new Edit.Put(
                        FleetKey.applied(seat.service(), seat.member()), new Applied(epoch, seat.process()))));
    }

    /** Returns a member's part of a receipt. */
    static StoreUpdate done(Seat seat, Decision decision, String report) {
        return new StoreUpdate(
                Purpose.DONE,
                List.of(new Condition.Exists(FleetKey.receipt(seat.service(), decision.epoch()))),
                List.of(new Edit.Put(
                        FleetKey.done(decision.change(), seat.member()),
                        new Done(seat.service(), decision.epoch(), report))));
    }

    private static Condition isUnderWay(String service, StoreContents contents) {
        FleetKey change = FleetKey.change(service);
        Entry entry = contents.entry(change);
        return new Condition.Created(change, entry == null ? 0 : entry.created());
    }
}
