package dev.turnout.fleet.decision;

import dev.turnout.routing.Service;

/** Who has to vote for a change. */
public enum ChangeKind {

    /** Another slot serves: all vote, and hold unless the fleet is fast. */
    SWITCH,

    /** New requests wait: all vote and hold, since a migration begins on the answer. */
    PAUSE,

    /** A canary begins or ends: all vote, nobody holds. A client can't see a difference of milliseconds. */
    CANARY,

    /** All others: one transaction, no vote. */
    PLAIN;

    /** Returns the kind of a change. */
    public static ChangeKind of(Service before, Service after) {
        if (before.active() != after.active()) {
            return SWITCH;
        }
        if (!before.paused() && after.paused()) {
            return PAUSE;
        }
        return before.canary().isPresent() == after.canary().isPresent() ? PLAIN : CANARY;
    }

    /** Returns true if all enrolled members have to vote. */
    public boolean needsVotes() {
        return this != PLAIN;
    }
}
