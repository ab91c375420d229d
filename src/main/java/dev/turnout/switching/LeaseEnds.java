package dev.turnout.switching;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * When leases end. A lease is either renewed in time, or its end is claimed by the one who then removes its target, and never
 * both. Any thread.
 *
 * @param <L> what tells leases apart
 */
final class LeaseEnds<L> {

    private final Function<L, Duration> time;

    /** When each lease ends. Of {@link System#nanoTime}. */
    private final Map<L, Long> ends = new ConcurrentHashMap<>();

    private final Set<L> claimed = ConcurrentHashMap.newKeySet();

    /** @param time how long a lease is */
    LeaseEnds(Function<L, Duration> time) {
        this.time = time;
    }

    /** Gives a lease its whole time from now on. Returns false if its end is claimed. */
    boolean renew(L lease, long now) {
        ends.compute(lease, (same, end) -> claimed.contains(same) && end != null ? end : end(same, now));
        return !claimed.contains(lease);
    }

    private long end(L lease, long now) {
        return now + time.apply(lease).toNanos();
    }

    /** Claims the end of a lease. Returns false if it has not ended. One that is seen first has its whole time. */
    boolean claim(L lease, long now) {
        ends.compute(lease, (same, known) -> {
            long end = known == null ? end(same, now) : known;
            if (now - end >= 0) {
                claimed.add(same);
            }
            return end;
        });
        return claimed.contains(lease);
    }

    /** Gives a claim back: its target stays. */
    void giveBack(L lease) {
        claimed.remove(lease);
    }

    /** Forgets a lease. One that comes again has its whole time. */
    void forget(L lease) {
        ends.remove(lease);
        claimed.remove(lease);
    }

    /** Forgets all others. */
    void retain(Set<L> leases) {
        ends.keySet().retainAll(leases);
        claimed.retainAll(leases);
    }
}
