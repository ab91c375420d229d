package dev.turnout.proxy.route;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The connections to one target over all event loops: how many there are, how many there may be, and who waits for one.
 * Any thread.
 *
 * <p>No wait is forgotten. An event loop first counts a request as waiting and then looks for room. An event loop whose
 * connection has ended first counts it out and then looks for requests that wait. All four are volatile accesses, so one
 * of the two sees the other.
 */
public final class TargetConnections {

    /** Cells this far apart do not share a cache line. */
    private static final int STRIDE = 16;

    private static final long NOBODY = 0;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int loops;

    /** When the request began to wait that waits longest on each event loop. */
    private final AtomicLongArray since;

    private volatile int most;

    /** @param loops how many event loops there are */
    TargetConnections(int loops) {
        this.loops = loops;
        this.since = new AtomicLongArray(loops * STRIDE);
    }

    /** Sets how many there may be; 0 for no limit. */
    void limit(int connections) {
        most = connections;
    }

    /** Returns true if there is a limit. */
    public boolean isLimited() {
        return most != 0;
    }

    /** Returns how many there may be; 0 for no limit. */
    int limit() {
        return most;
    }

    // --- Connections -----------------------------------------------------------------------------------------------

    /**
     * Counts a connection that is to be opened, if there may be another one.
     *
     * @param reserved how many of the connections that there may be are not counted here
     */
    public boolean tryOpen(int reserved) {
        for (int now = open.get(); now < bound(reserved); now = open.get()) {
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    private int bound(int reserved) {
        int limit = most;
        return limit == 0 ? Integer.MAX_VALUE : Math.max(0, limit - reserved);
    }

    /** Called when a connection that was counted has ended, or could not be opened. */
    public void closed() {
        open.decrementAndGet();
    }

    /** Returns true if there are more than there may be, since the limit has become lower. */
    public boolean isOver() {
        return open.get() > bound(0);
    }

    /**
     * Returns true if some connections seem to be idle.
     *
     * @param inFlight how many requests have claimed the target, those that wait included
     */
    public boolean hasIdle(long inFlight) {
        return open.get() > inFlight - waiting.get();
    }

    // --- Requests that wait ----------------------------------------------------------------------------------------

    /**
     * Counts a request that is to wait, if another one may. Beyond the most that wait there may be one for each connection
     * that seems to be idle, and that it is about to get.
     *
     * @param inFlight how many requests have claimed the target, those that wait and this one included
     */
    public boolean admit(int mostWaiting, long inFlight) {
        for (int now = waiting.get(); now < mostWaiting || hasPlaces(mostWaiting, inFlight); now = waiting.get()) {
            if (waiting.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if there is a connection or a place in the queue for each request. */
    private boolean hasPlaces(int mostWaiting, long inFlight) {
        return inFlight <= (long) mostWaiting + open.get();
    }

    /** Called when a request that was admitted waits no more. */
    public void left() {
        waiting.decrementAndGet();
    }

    /** Returns how many requests wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Returns true if a request waits, on whatever event loop. */
    public boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    /** Notes since when the request waits that waits longest on an event loop. Of {@link System#nanoTime}. */
    public void waitsSince(int loop, long nanos) {
        since.set(loop * STRIDE, nanos == NOBODY ? 1 : nanos);
    }

    /** Notes that no request waits on an event loop. */
    public void nobodyWaits(int loop) {
        since.set(loop * STRIDE, NOBODY);
    }

    /** Returns the index of the event loop with the request that waits longest; -1 if none waits. */
    public int longestWait() {
        int longest = -1;
        long oldest = NOBODY;
        for (int loop = 0; loop < loops; loop++) {
            long began = since.get(loop * STRIDE);
            if (began != NOBODY && (longest < 0 || began - oldest < 0)) {
                longest = loop;
                oldest = began;
            }
        }
        return longest;
    }

    /** Returns true if a request on another event loop waits longer than those on this one, by more than so long. */
    public boolean isLongerElsewhere(int loop, long nanos) {
        int longest = longestWait();
        long here = since.get(loop * STRIDE);
        return longest >= 0 && longest != loop && (here == NOBODY || here - since.get(longest * STRIDE) > nanos);
    }
}
