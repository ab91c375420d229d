package dev.turnout.switching;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The locks of services: one change at a time for each service. A second change is refused, not queued.
 *
 * <p>A change that only looks on may lend its lock. Another change then gets the lock at once, and gives the lock back at
 * its end. A change that has borrowed does not lend to everybody in turn: lenders would wait for ever. Any thread.
 */
final class ServiceLocks {

    private final Map<String, Change> held = new HashMap<>();
    private final Map<Change, Lending> lenders = new HashMap<>();
    private final Map<Change, Change> lenderOf = new HashMap<>();

    /** Who may borrow a lock. */
    enum Lending {
        /** A change that takes back the one that lends. */
        TO_ROLLBACK,
        TO_EVERYBODY
    }

    /**
     * Takes a service's lock, also from a change that lends it to everybody, and does not wait for the lock.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#BUSY} if another change has the lock
     */
    synchronized void take(Change change) {
        take(change, EnumSet.of(Lending.TO_EVERYBODY));
    }

    /** Takes a service's lock as {@link #take} does, and also from any other change that lends the lock. */
    synchronized void takeOrBorrow(Change change) {
        take(change, EnumSet.allOf(Lending.class));
    }

    private void take(Change change, Set<Lending> borrowable) {
        Change holder = held.get(change.service());
        if (holder != null && !borrowable.contains(lenders.get(holder))) {
            throw busy(holder);
        }
        if (holder != null) {
            lenderOf.put(change, holder);
        }
        held.put(change.service(), change);
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
    synchronized void lend(Change change, Lending lending) {
        if (lending == Lending.TO_ROLLBACK || !lenderOf.containsKey(change)) {
            lenders.put(change, lending);
        }
    }

    /** Blocks until the lock is back, and stops lending. */
    synchronized void reclaim(Change change) {
        boolean isInterrupted = false;
        while (held.get(change.service()) != change) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The change must not go on without the lock. The borrower is interrupted as well.
                isInterrupted = true;
            }
        }
        lenders.remove(change);
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
            notifyAll();
        }
    }
    /** Returns true if no service is being changed. */
    synchronized boolean areFree() {
        return held.isEmpty();
    }
    /** Returns the change that has a service's lock. */
    synchronized Optional<Change> holder(String service) {
        return Optional.ofNullable(held.get(service));
    }
}
