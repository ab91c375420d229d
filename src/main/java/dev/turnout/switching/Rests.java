package dev.turnout.switching;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What rests after a refusal before it is asked for again: 10 seconds, and twice as long after each further refusal, up to
 * a minute. Each refused change is an entry of the journal, and keeps the service for a moment. What is asked for in
 * another state of things does not rest. Any thread.
 *
 * @param <K> what is asked for
 */
final class Rests<K> {

    private static final long FIRST_SECONDS = 10;
    private static final long MOST_SECONDS = 60;

    private final Map<K, Rest> rests = new ConcurrentHashMap<>();

    /**
     * A rest.
     *
     * @param state the state of things that was refused
     * @param dueNanos when it ends. Of {@link System#nanoTime}.
     */
    private record Rest(Object state, long seconds, long dueNanos) {}

    /** Returns true if something is not to be asked for yet in this state of things. */
    boolean holds(K wish, Object state, long nowNanos) {
        Rest rest = rests.get(wish);
        return rest != null && rest.state().equals(state) && nowNanos - rest.dueNanos() < 0;
    }

    /** Notes that something was refused in this state of things. */
    void refused(K wish, Object state, long nowNanos) {
        rests.compute(wish, (same, last) -> {
            boolean isAgain = last != null && last.state().equals(state);
            long seconds = isAgain ? Math.min(MOST_SECONDS, 2 * last.seconds()) : FIRST_SECONDS;
            return new Rest(state, seconds, nowNanos + TimeUnit.SECONDS.toNanos(seconds));
        });
    }

    /** Notes that something was done. */
    void over(K wish) {
        rests.remove(wish);
    }

    /** Forgets all others. */
    void retain(Set<K> wishes) {
        rests.keySet().retainAll(wishes);
    }
}
