package dev.turnout.switching;

import dev.turnout.switching.KeptTargets.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How many targets that are up a slot may lose in some minutes since nobody renews them: half of them. What all of a sudden
 * renews nothing is more likely what renews them than all of them. One thread at a time.
 */
final class RemovalLimit {

    private static final long WINDOW_NANOS = Duration.ofMinutes(5).toNanos();

    private final Map<Place, Deque<Long>> removals = new HashMap<>();

    /**
     * Returns true if one more target that is up may go.
     *
     * @param targets how many the slot has now
     * @param nowNanos of {@link System#nanoTime}
     */
    boolean allows(Place place, int targets, long nowNanos) {
        int gone = inWindow(place, nowNanos).size();
        return gone + 1 <= (targets + gone) / 2;
    }

    /** Remembers that one has gone. */
    void removed(Place place, long nowNanos) {
        Deque<Long> gone = inWindow(place, nowNanos);
        gone.addLast(nowNanos);
        removals.put(place, gone);
    }

    private Deque<Long> inWindow(Place place, long nowNanos) {
        Deque<Long> gone = removals.getOrDefault(place, new ArrayDeque<>());
        while (!gone.isEmpty() && nowNanos - gone.getFirst() >= WINDOW_NANOS) {
            gone.removeFirst();
        }
        return gone;
    }
}
