package dev.turnout.switching;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One change at a time for each service; the second one is refused, not queued. */
final class ServiceLocks {

    private final ConcurrentMap<String, Change> held = new ConcurrentHashMap<>();

    /** Takes a service's lock or throws {@link ChangeRefused} with {@link ChangeRefused.Reason#BUSY} at once. */
    void take(Change change) {
        Change holder = held.putIfAbsent(change.service(), change);
        if (holder != null) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.BUSY,
                    "Service '" + change.service() + "' is being changed: " + holder.what() + ", asked for by "
                            + holder.who() + " at " + holder.since() + ", is at the step '" + holder.step()
                            + "'. Nothing was done; try again when that has ended.");
        }
    }

    void free(Change change) {
        held.remove(change.service(), change);
    }

    boolean areFree() {
        return held.isEmpty();
    }

    Optional<Change> holder(String service) {
        return Optional.ofNullable(held.get(service));
    }
}
