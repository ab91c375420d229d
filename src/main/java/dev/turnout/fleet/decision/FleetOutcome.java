package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What a change has come to. */
public sealed interface FleetOutcome {

    /** The change was decided. */
    record Made(FleetReceipt receipt) implements FleetOutcome {}

    /** The change was not decided, and never will be. */
    record Refused(Why why, Set<String> members) implements FleetOutcome {

        public Refused {
            members = Collections.unmodifiableSet(new TreeSet<>(members));
        }
    }

    /** Why a change was not decided. */
    enum Why {
        /** Another change holds the lock. The member is its coordinator. */
        BUSY,
        /** The service has another epoch than the one that the change begins at. */
        OVERTAKEN,
        /** These enrolled members are not here. */
        MEMBER_MISSING,
        /** These members have said no, or have withdrawn their votes. */
        MEMBER_AGAINST,
        /** These members had not voted when the time was over. None: the change was cancelled. */
        MEMBER_SLOW,
        /** The lease of the lock has ended. */
        LOCK_LOST,
        /** The store is not the one that the change began in. */
        STORE_WENT_BACK
    }
}
