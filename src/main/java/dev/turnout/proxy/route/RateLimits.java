package dev.turnout.proxy.route;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rates of all rules of all services, in memory that is bounded as a whole.
 *
 * <p>Each rule has the same share, so that many clients of one rule push nobody out of the buckets of another. A rule that
 * is the same after a reload keeps its buckets.
 */
public final class RateLimits {

    private volatile Map<RateLimit.Id, RateLimit> inForce = Map.of();

    /** Returns the buckets in force, or new ones that belong to nobody up to the next {@link #apply}. Any thread. */
    public RateLimit of(RateLimit.Id id) {
        RateLimit known = inForce.get(id);
        return known == null ? new RateLimit(id) : known;
    }

    /**
     * Makes the rates of some services those in force, and gives each its share. To be called by one thread at a time.
     *
     * @param services all services
     * @param bytes the memory for all buckets
     */
    public void apply(List<ServiceMatch> services, long bytes) {
        Map<RateLimit.Id, RateLimit> next = services.stream()
                .flatMap(service -> service.rates().stream())
                .collect(Collectors.toMap(RateLimit::id, Function.identity()));
        long share = share(bytes, next.size());
        long now = System.nanoTime();
        next.values().forEach(rate -> rate.share(share, now));
        inForce = next;
    }

    /** Returns how much memory all buckets take now, in bytes. Any thread. */
    long usedBytes() {
        return inForce.values().stream().mapToLong(RateLimit::usedBytes).sum();
    }

    private static long share(long bytes, int rates) {
        long share = Long.highestOneBit(bytes / Math.max(1, rates));
        return Math.max(RateBuckets.LEAST_BYTES, Math.min(RateBuckets.MOST_BYTES, share));
    }
}
