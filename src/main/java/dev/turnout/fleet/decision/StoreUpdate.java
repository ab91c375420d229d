package dev.turnout.fleet.decision;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes to the store that are made together if all conditions hold, and not at all otherwise: a transaction as a value.
 *
 * @param purpose for logs, and for tests
 * @param when all conditions
 * @param then what is written
 */
public record StoreUpdate(Purpose purpose, List<Condition> when, List<Edit> then) {

    /** What an update is made for. */
    public enum Purpose {
        REGISTER,
        DECLARE,
        CREATE,
        REMOVE,
        ENROL,
        LEAVE,
        LOCK,
        ARM,
        COMMIT,
        ABORT,
        VOTE,
        REFUSE,
        WITHDRAW,
        APPLIED,
        DONE,
        CLOSE,
        RECOVER,
        WATCH
    }

    /** A condition on one key. */
    public sealed interface Condition {

        /** Holds if a key was written last at a revision; 0 if there has to be no such key. */
        record Written(FleetKey key, long revision) implements Condition {}

        /** Holds if this life of a key began at a revision. */
        record Created(FleetKey key, long revision) implements Condition {}

        /** Holds if there is a key. */
        record Exists(FleetKey key) implements Condition {}

        /** Returns the condition that there is no such key. */
        static Condition absent(FleetKey key) {
            return new Written(key, 0);
        }

        FleetKey key();
    }

    /** A write of one key or of some. */
    public sealed interface Edit {

        /** Writes a key without a lease. */
        record Put(FleetKey key, FleetValue value) implements Edit {}

        /** Writes a key that goes with the lease of the process that sends the update. */
        record PutLeased(FleetKey key, FleetValue value) implements Edit {}

        /** Deletes a key, if there is one. */
        record Delete(FleetKey key) implements Edit {}

        /** Deletes all keys that begin with a path. */
        record DeleteUnder(String prefix) implements Edit {}
    }

    public StoreUpdate {
        when = List.copyOf(when);
        then = List.copyOf(then);
    }

    /** Returns one update of two: both are made, or neither. Several services change in one step so. */
    public StoreUpdate and(StoreUpdate other) {
        Set<Condition> conditions = new LinkedHashSet<>(when);
        conditions.addAll(other.when);
        List<Edit> edits = new ArrayList<>(then);
        edits.addAll(other.then);
        return new StoreUpdate(purpose, List.copyOf(conditions), edits);
    }
}
