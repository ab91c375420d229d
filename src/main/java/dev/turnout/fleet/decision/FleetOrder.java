package dev.turnout.fleet.decision;

import dev.turnout.routing.Service;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A change that a caller asks for.
 *
 * @param change the id of the change; two changes never have the same
 * @param next what is to be decided; its revision is one more than the epoch that the change begins at
 * @param kind says who has to vote
 * @param strict whether a switch holds requests
 * @param gated whether every member proves the targets first
 * @param leftOut members that the caller says serve nothing, since their machines are dead
 * @param seat of the coordinator
 */
public record FleetOrder(
        String change,
        Service next,
        ChangeKind kind,
        boolean strict,
        boolean gated,
        SortedSet<String> leftOut,
        Seat seat) {

    public FleetOrder {
        leftOut = Collections.unmodifiableSortedSet(new TreeSet<>(leftOut));
    }

    /** Returns the name of the service. */
    public String service() {
        return next.name();
    }

    /** Returns the epoch that the change begins at. */
    public long base() {
        return next.revision() - 1;
    }
}
