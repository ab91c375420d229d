package dev.turnout.proxy.route;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each client address, of one rule of one service. Any thread.
 *
 * <p>Of a bucket only the time when the bucket is full again is kept (the generic cell rate algorithm, ITU-T I.371). The
 * rule has a share of the memory of all rules, see {@link RateLimits}.
 */
public final class RateLimit {

    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;
    private static final byte[] NO_ADDRESS = {};

    /**
     * What buckets belong to: with another of these, the buckets begin anew.
     *
     * @param service the service whose clients are counted
     * @param rule the name of the rule
     * @param count how many requests may come
     * @param period in this time
     * @param burst how many may come at once
     */
    public record Id(String service, String rule, int count, Duration period, int burst) {}

    private final Id id;
    private final long intervalNanos;
    private final long toleranceNanos;
    private final long secret = ThreadLocalRandom.current().nextLong();
    private volatile RateBuckets buckets = new RateBuckets(RateBuckets.LEAST_BYTES);

    RateLimit(Id id) {
        this.id = id;
        intervalNanos = id.period().toNanos() / id.count();
        toleranceNanos = intervalNanos * (id.burst() - 1);
    }

    Id id() {
        return id;
    }

    /** Returns how much memory the buckets take now, in bytes. */
    long usedBytes() {
        return buckets.usedBytes();
    }

    /**
     * Changes the share of the memory. Buckets that are not full are kept as far as there is room: those that are full
     * last go last.
     *
     * @param bytes a power of two, {@link RateBuckets#LEAST_BYTES} at least
     * @param nanos the time, from the origin of {@link System#nanoTime}
     */
    void share(long bytes, long nanos) {
        if (buckets.bytes() != bytes) {
            buckets = buckets.copy(bytes, nanos);
        }
    }

    /**
     * Takes a token of a client's bucket.
     *
     * @param client null for a client whose address is not known: all of them have one bucket
     * @param nanos the time, from the origin of {@link System#nanoTime}
     * @return 0 if there was one; else in how many seconds there is one
     */
    public long take(@Nullable InetAddress client, long nanos) {
        long owner = owner(client == null ? NO_ADDRESS : client.getAddress());
        long wait = buckets.take(owner, nanos, intervalNanos, toleranceNanos);
        return wait == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
    }

    /** Returns a number that is not 0 for an address, or for the network of an IPv6 address. */
    private long owner(byte[] address) {
        int length = address.length == IPV6_BYTES ? NETWORK_BYTES : address.length;
        long hash = secret + length;
        for (int i = 0; i < length; i++) {
            hash = mixed(hash ^ address[i] & 0xff);
        }
        return hash == 0 ? 1 : hash;
    }

    /** The finalizer of MurmurHash3. */
    private static long mixed(long number) {
        long mixed = (number ^ number >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
