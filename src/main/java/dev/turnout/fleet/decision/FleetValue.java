package dev.turnout.fleet.decision;

import dev.turnout.routing.Service;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands behind a {@link FleetKey}. The caller that writes it adds the id of the fleet and the format. */
public sealed interface FleetValue {

    /**
     * What the fleet has decided for a service.
     *
     * @param service the routing; its revision is the epoch
     * @param change the id of the change that made it
     */
    record Decision(Service service, String change) implements FleetValue {

        /** Returns the number of the decision: each one is one more than the one before. */
        public long epoch() {
            return service.revision();
        }
    }

    /**
     * The lock of a service, and what its holder is about to change.
     *
     * @param change the id of the change
     * @param base the epoch that the change begins at
     * @param kind says who has to vote
     * @param strict whether a switch holds requests
     * @param step how far the change is
     * @param member the coordinator
     * @param process of the coordinator
     * @param format that the next decision is written in
     * @param next what is to be decided
     */
    record Intent(
            String change,
            long base,
            ChangeKind kind,
            boolean strict,
            IntentStep step,
            String member,
            String process,
            int format,
            Service next)
            implements FleetValue {

        /** Returns this intent at another step. */
        Intent at(IntentStep next) {
            return new Intent(change, base, kind, strict, next, member, process, format, this.next);
        }

        /** Returns true if a member that has voted holds new requests. */
        public boolean holds() {
            return kind == ChangeKind.PAUSE || kind == ChangeKind.SWITCH && strict;
        }
    }

    /** How far an intent is. */
    enum IntentStep {
        /** The members prove the targets. Nobody is bound. */
        GATE,
        /** The members vote. Who has voted is bound. */
        ARM
    }

    /**
     * Every enrolled member.
     *
     * @param members id to the address of the admin API
     */
    record Roster(SortedMap<String, String> members) implements FleetValue {

        public Roster {
            members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        }

        /** Returns this roster with a member. */
        public Roster with(String member, String address) {
            TreeMap<String, String> next = new TreeMap<>(members);
            next.put(member, address);
            return new Roster(next);
        }

        /** Returns this roster without a member. */
        public Roster without(String member) {
            TreeMap<String, String> next = new TreeMap<>(members);
            next.remove(member);
            return new Roster(next);
        }
    }

    /**
     * What a member has.
     *
     * @param services by their names
     * @param mark of who has said so: another one for each process, and each time that one of its services is added
     */
    record Configured(SortedSet<String> services, String mark) implements FleetValue {

        public Configured {
            services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
        }
    }

    /**
     * A service was removed.
     *
     * @param epoch the last one that it had: none of this name goes below it
     */
    record Removed(long epoch) implements FleetValue {}

    /** A process that lives. */
    record Here(String process) implements FleetValue {}

    /** The process of a member that has last said that it is here. */
    record Started(String process) implements FleetValue {}

    /** What a member's gate says. An empty problem is a yes. */
    record Ready(String service, String problem) implements FleetValue {}

    /**
     * A vote: its member serves nothing of the service until it knows the decision.
     *
     * @param service that is voted on
     * @param started the revision of the member's {@link Started} at the vote: a process that has started since has not voted
     */
    record Vote(String service, long started) implements FleetValue {}

    /** A no, or a withdrawn vote. */
    record Refusal(String service, RefusalReason reason) implements FleetValue {}

    /** Why a member has not voted, or not any more. */
    enum RefusalReason {
        /** No decision came in time. */
        WITHDRAWN,
        /** The member stops, or hands over to another process. */
        LEAVING,
        /** The member does not read the format of the next decision. */
        FORMAT
    }

    /** The epoch that a process serves and has on its disk. */
    record Applied(long epoch, String process) implements FleetValue {}

    /**
     * A switch is watched.
     *
     * @param epoch that the switch has made
     * @param process that judges
     */
    record Watching(long epoch, String process) implements FleetValue {}

    /**
     * What a member has seen of a switch that is watched.
     *
     * @param epoch that the switch has made
     * @param traffic of the slots before and after, as a text of at most 64 KiB
     */
    record Counts(long epoch, String traffic) implements FleetValue {}

    /** A member has nothing in flight any more at what the decision left. The report is for the receipt. */
    record Done(String service, long epoch, String report) implements FleetValue {}

    /**
     * The receipt of a decision.
     *
     * @param change that made the decision
     * @param state open from the commit on
     * @param leftOut members whose vote was not asked
     * @param reports of the members, by their ids
     */
    record FleetReceipt(String change, ReceiptState state, SortedSet<String> leftOut, SortedMap<String, String> reports)
            implements FleetValue {

        public FleetReceipt {
            leftOut = Collections.unmodifiableSortedSet(new TreeSet<>(leftOut));
            reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
        }
    }

    /** The store was told by the members what holds: those that do not believe it believe it from now on. */
    record Recovered(String id) implements FleetValue {}

    /** What a receipt says of the drain. */
    enum ReceiptState {
        OPEN,
        /** Nobody sends there, and nothing is in flight there: up to the next decision. */
        DRAINED,
        /** It is not known of every member. */
        NOT_DRAINED,
        /** Another decision came first. */
        SUPERSEDED
    }
}
