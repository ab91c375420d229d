package dev.turnout.switching;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The locks of services: one change at a time for each service. A second change is refused, not queued.
 *
 * <p>A change that only looks on may lend its lock to one that takes it back. A change that only waits may stand back: it has
 * no lock then, and takes the lock again at its end, as soon as nobody has it. Any thread.
 */
final class ServiceLocks {

    /** How many changes of a service, and of all, stand back at a time: each has a thread. */
    private static final int MOST_OF_SERVICE = 8;

    private static final int MOST_IN_ALL = 256;

    private final Map<String, Change> held = new HashMap<>();
    private final Set<Change> lenders = new HashSet<>();
    private final Map<Change, Change> lenderOf = new HashMap<>();
    private final Set<Change> standingBack = new LinkedHashSet<>();

    /**
     * Takes a service's lock, and does not wait for the lock.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#BUSY} if another change has the lock
     */
    synchronized void take(Change change) {
        Change holder = held.putIfAbsent(change.service(), change);
        if (holder != null) {
            throw busy(holder);
        }
    }

    /** Takes a service's lock as {@link #take} does, and also from a change that lends the lock. */
    synchronized void takeOrBorrow(Change change) {
        Change holder = held.get(change.service());
        if (holder == null || !lenders.contains(holder)) {
            take(change);
        } else {
            lenderOf.put(change, holder);
            held.put(change.service(), change);
        }
    }

    private static ChangeRefused busy(Change holder) {
        return new ChangeRefused(
                        ChangeRefused.Reason.BUSY,
                        "Service '" + holder.service() + "' is being changed: " + holder.what() + ", asked for by "
                                + holder.note().asker() + " at " + holder.since() + ", is at the step '" + holder.step()
                                + "'. Nothing was done; try again when that has ended"
                                + (holder.step() == Step.WATCH ? ", or take it back with POST /admin/rollback." : "."))
                .with("switching", ChangeJson.of(holder));
    }

    /** Lends a change's lock to a change that may borrow, until {@link #reclaim}. */
    synchronized void lend(Change change) {
        lenders.add(change);
    }

    /** Lends a change's lock to no other change. Returns the change that has the lock meanwhile; empty if there is none. */
    synchronized Optional<Change> stopLending(Change change) {
        lenders.remove(change);
        return Optional.ofNullable(held.get(change.service())).filter(holder -> lenderOf.get(holder) == change);
    }

    /** Returns the change that has lent a change its lock; empty if the lock is not borrowed. */
    synchronized Optional<Change> lender(Change change) {
        return Optional.ofNullable(lenderOf.get(change));
    }

    /** Frees a change's lock until {@link #reclaim}. A borrowed lock stays: its lender waits for it. */
    synchronized void standBack(Change change) {
        if (!lenderOf.containsKey(change)) {
            held.remove(change.service(), change);
            standingBack.add(change);
            notifyAll();
        }
    }

    /** Blocks until the lock is back, and stops lending and standing back. */
    synchronized void reclaim(Change change) {
        boolean isInterrupted = false;
        while (held.getOrDefault(change.service(), change) != change) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The change must not go on without the lock. Who has it is interrupted as well.
                isInterrupted = true;
            }
        }
        held.put(change.service(), change);
        lenders.remove(change);
        standingBack.remove(change);
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees the lock of a change, or gives the lock back to the lender. */
    synchronized void free(Change change) {
        Change lender = lenderOf.remove(change);
        if (lender == null) {
            held.remove(change.service(), change);
        } else {
            held.put(change.service(), lender);
        }
        notifyAll();
    }

    /** Returns true if no service is being changed. */
    synchronized boolean areFree() {
        return held.isEmpty() && standingBack.isEmpty();
    }

    /** Returns true if no change has a service's lock, and not so many stand back that another one is too many. */
    synchronized boolean hasRoom(String service) {
        long ofService = standingBack.stream()
                .filter(change -> change.service().equals(service))
                .count();
        return !held.containsKey(service)
                && (ofService == 0 || ofService < MOST_OF_SERVICE && standingBack.size() < MOST_IN_ALL);
    }

    /** Returns the change that has a service's lock; if there is none, the one that stands back longest. */
    synchronized Optional<Change> ongoing(String service) {
        return Optional.ofNullable(held.get(service)).or(() -> standingBack.stream()
                .filter(change -> change.service().equals(service))
                .findFirst());
    }
}
