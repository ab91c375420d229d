package dev.turnout.switching;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One change at a time for each service; the second one is refused, not queued.
 *
 * <p>A change that only looks on may lend its lock: another one gets it at once, and gives it back when it ends. Any
 * thread.
 */
final class ServiceLocks {

    private final Map<String, Change> held = new HashMap<>();
    private final Set<Change> lenders = new HashSet<>();
    private final Map<Change, Change> lenderOf = new HashMap<>();

    /** Takes a service's lock or throws {@link ChangeRefused} with {@link ChangeRefused.Reason#BUSY} at once. */
    synchronized void take(Change change) {
        Change holder = held.putIfAbsent(change.service(), change);
        if (holder != null) {
            throw busy(holder);
        }
    }

    /** As {@link #take}, and takes the lock as well from a change that lends it. */
    synchronized void takeOrBorrow(Change change) {
        Change holder = held.get(change.service());
        if (holder == null || !lenders.contains(holder)) {
            take(change);
            return;
        }
        lenderOf.put(change, holder);
        held.put(change.service(), change);
    }

    private static ChangeRefused busy(Change holder) {
        return new ChangeRefused(
                ChangeRefused.Reason.BUSY,
                "Service '" + holder.service() + "' is being changed: " + holder.what() + ", asked for by "
                        + holder.who() + " at " + holder.since() + ", is at the step '" + holder.step()
                        + "'. Nothing was done; try again when that has ended"
                        + (holder.step() == Step.WATCH ? ", or take it back with POST /admin/rollback." : "."));
    }

    /** Lends a change's lock to whoever may borrow it, until {@link #reclaim}. */
    synchronized void lend(Change change) {
        lenders.add(change);
    }

    /** Blocks until the lock is back, and lends it no more. */
    synchronized void reclaim(Change change) {
        boolean isInterrupted = false;
        while (held.get(change.service()) != change) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Without the lock nothing may be done, and who has it is interrupted as well.
                isInterrupted = true;
            }
        }
        lenders.remove(change);
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void free(Change change) {
        Change lender = lenderOf.remove(change);
        if (lender == null) {
            held.remove(change.service(), change);
        } else {
            held.put(change.service(), lender);
            notifyAll();
        }
    }

    synchronized boolean areFree() {
        return held.isEmpty();
    }

    synchronized Optional<Change> holder(String service) {
        return Optional.ofNullable(held.get(service));
    }
}
