package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a change has come to. */
public sealed interface FleetOutcome {

    /** The change was decided. */
    record Made(FleetReceipt receipt) implements FleetOutcome {}

    /**
     * The change was not decided, and never will be.
     *
     * @param members that it is about, each with what it has said; with the empty text if it has said nothing
     */
    record Refused(Why why, SortedMap<String, String> members) implements FleetOutcome {

        public Refused {
            members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        }

        Refused(Why why, Set<String> members) {
            this(why, silent(members));
        }

        private static SortedMap<String, String> silent(Set<String> members) {
            SortedMap<String, String> silent = new TreeMap<>();
            members.forEach(member -> silent.put(member, ""));
            return silent;
        }
    }

    /** Why a change was not decided. */
    enum Why {
        /** Another change holds the lock. The member is its coordinator. */
        BUSY,
        /** The service has another epoch than the one that the change begins at. */
        OVERTAKEN,
        /** The fleet has no such service. */
        NO_SERVICE,
        /** These members do not have the service. */
        MEMBER_LACKS,
        /** These members were to be left out, and are here. */
        MEMBER_HERE,
        /** These were to be left out, and are no members. */
        NO_MEMBER,
        /** These enrolled members are not here. */
        MEMBER_MISSING,
        /** The gates of these members have not passed. Each says why. */
        GATE_FAILED,
        /** These members stop, or hand over to another process. */
        MEMBER_LEAVING,
        /** These members do not read the format of the next decision. */
        MEMBER_OLD,
        /** These members had not voted when the time was over. None: all had, and the decision did not come in time. */
        MEMBER_SLOW,
        /** The store has not said that it took the lock, and has not taken it. */
        LOCK_NOT_TAKEN,
        /** The store has not said whether it took a decision without votes, and may take it yet. */
        NOT_KNOWN,
        /** The lease of the lock has ended. */
        LOCK_LOST,
        /** The store is not the one that the change began in. */
        STORE_WENT_BACK
    }
}
