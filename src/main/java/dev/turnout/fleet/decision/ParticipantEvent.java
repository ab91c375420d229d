package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;

/** What happens to a {@link Participant}. */
public sealed interface ParticipantEvent {

    /** The store was read by quorum. Contents that are older than ones given before must not be given. */
    record Seen(StoreContents contents) implements ParticipantEvent {}

    /** {@code fleet.hold} is over since the vote for a change. */
    record PatienceOver(String change) implements ParticipantEvent {}

    /** No endpoint of the store answers a quorum read. */
    record Unreachable() implements ParticipantEvent {}

    /** Another member knows that a change can't be made any more. */
    record GivenUpByPeer(String change) implements ParticipantEvent {}

    /** Another member has applied a decision: so it was made. */
    record AppliedByPeer(Decision decision) implements ParticipantEvent {}

    /** {@code fleet.in-doubt} is over since the vote for a change, and the policy is to serve. */
    record ServeInDoubt(String change) implements ParticipantEvent {}

    /** The store has not been reached since the start, and the policy is to serve alone. */
    record StartAlone() implements ParticipantEvent {}

    /** A record could not be written. The actions behind it were not carried out. */
    record RecordFailed() implements ParticipantEvent {}

    /** Nothing is in flight any more at what a decision left, in any process of this member. */
    record Drained(long epoch, String report) implements ParticipantEvent {}

    /**
     * This process stops, hands over or leaves the fleet: no more votes.
     *
     * @param isLeaving false if it stays after all, and votes again
     */
    record Leaving(boolean isLeaving) implements ParticipantEvent {}

    /** An operator has told the store what the members know: its life is believed from now on. */
    record Accepted(String life) implements ParticipantEvent {}
}
