package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import org.jspecify.annotations.Nullable;

/** What a {@link Participant} or a {@link Coordinator} wants done. The package description has the rules. */
public sealed interface FleetAction {

    /** Write what is in force here to the disk, with fsync. */
    record Record(OwnRecord record) implements FleetAction {}

    /** Keep new requests of the service. Ended when nothing can be claimed under the decision in force any more. */
    record Hold() implements FleetAction {}

    /** Let the requests go that are held, under the decision in force. Nothing happens if none are held. */
    record Release() implements FleetAction {}

    /** Route by a decision, and let go what is held. */
    record Publish(Decision decision) implements FleetAction {}

    /** Send an update to the store. */
    record Send(StoreUpdate update) implements FleetAction {}

    /** Read the store by quorum now. */
    record Read() implements FleetAction {}

    /** Start the two times that a vote is patient for: {@code fleet.hold} and {@code fleet.in-doubt}. */
    record Await(String change) implements FleetAction {}

    /**
     * Ask the other members which decision they have applied, and which change they know to be given up. Both are proof; their
     * knowing of neither is none.
     */
    record AskPeers() implements FleetAction {}

    /** Drain what a decision left, if that is not being done, and say when it is done. Done at once if it was. */
    record Drain(Decision decision) implements FleetAction {}

    /** Tell the operators that the store is not believed. All goes on as it was, and changes are refused. */
    record Disbelieve(Doubt doubt) implements FleetAction {}

    /** Take no part in this service any more: the fleet has removed it. It is served on, as without a fleet. */
    record Retire() implements FleetAction {}

    /** Why the store is not believed. */
    enum Doubt {
        /** The cluster or the fleet has another id, or the revision of the store has gone back. */
        ANOTHER_LIFE,
        /** The store has no decision for a service that has one here. */
        EMPTY,
        /** The decision in the store is older than the one here. */
        WENT_BACK,
        /** The decision in the store has the same epoch as the one here, and is another one. */
        FORKED
    }

    /**
     * What a member has on its disk for a service.
     *
     * @param decision in force here
     * @param armed the vote by which the member is bound; null if there is none
     */
    record OwnRecord(Decision decision, @Nullable Armed armed) {}

    /**
     * A vote by which a member is bound.
     *
     * @param change that was voted for
     * @param holds whether new requests are kept until the decision is known
     */
    record Armed(String change, boolean holds) {}
}
