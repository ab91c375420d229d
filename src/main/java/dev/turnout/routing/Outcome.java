package dev.turnout.routing;

/** The outcome of a {@link Command}. */
public sealed interface Outcome {

    /** The command is legal, and this is the state after the command. */
    record Changed(Service service) implements Outcome {}

    /** The state already is what the command asks for. */
    record Unchanged(Service service) implements Outcome {}

    /** The command is not legal in this state. */
    record Refused(Refusal refusal, String reason) implements Outcome {}

    /** Why a command can be refused. */
    enum Refusal {
        /** The command makes no sense in any state: for example, a weight of 101. */
        INVALID,
        /** There is no switch to roll back, or a canary uses the slot that a rollback would make active. */
        NOTHING_TO_ROLL_BACK,
        /** The target is the last one in rotation. */
        LAST_TARGET,
        /** The slot has no such target, or none at all. */
        NO_SUCH_TARGET,
        /** The other slot has the target. */
        IN_OTHER_SLOT,
        /** A slot would have more targets than there may be. */
        TOO_MANY_TARGETS,
        /** The targets of the slot are what names stand for. */
        FOLLOWS_NAMES,
        /** A canary needs traffic, and the service is paused. */
        PAUSED
    }
}
