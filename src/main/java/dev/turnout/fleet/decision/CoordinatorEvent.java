package dev.turnout.fleet.decision;

/** What happens to a {@link Coordinator}. */
public sealed interface CoordinatorEvent {

    /** The store was read by quorum. Contents that are older than ones given before must not be given. */
    record Seen(StoreContents contents) implements CoordinatorEvent {}

    /** The store has refused the first update: the lock, or a decision without votes. The contents were read after that. */
    record BeginRefused(StoreContents contents) implements CoordinatorEvent {}

    /**
     * The store has not said what it did with the first update, which may be made yet. The contents were read after it was
     * sent.
     */
    record BeginLost(StoreContents contents) implements CoordinatorEvent {}

    /** The time of the step is over: that of the gate, of the votes, or of the drain. Or the caller cancels the change. */
    record TimeOver() implements CoordinatorEvent {}
}
