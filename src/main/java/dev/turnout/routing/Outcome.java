package dev.turnout.routing;

/** What came of a {@link Command}. */
public sealed interface Outcome {

    /** The command is legal and this is the state after it. */
    record Changed(Service service) implements Outcome {}

    /** The state already is what the command wants. */
    record Unchanged(Service service) implements Outcome {}

    /** The command is not legal in this state. */
    record Refused(Refusal refusal, String reason) implements Outcome {}

    /** Why a command can be refused. */
    enum Refusal {
        /** The command makes no sense in any state: a weight of 101, say. */
        INVALID,
        /** There was no switch since the first start or the last rollback, or a canary is where it would go back to. */
        NOTHING_TO_ROLL_BACK,
        /** The target is the last one in rotation. */
        LAST_TARGET,
        /** The target is not one of the active slot. */
        NO_SUCH_TARGET,
        /** A canary needs traffic, and the service is paused. */
        PAUSED
    }
}
