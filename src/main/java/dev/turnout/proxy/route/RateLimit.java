package dev.turnout.proxy.route;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each client address, in a table of 1 MiB that all event loops share without a lock.
 *
 * <p>Of a bucket only the time when the bucket is full again is kept (the generic cell rate algorithm, ITU-T I.371). An
 * address has four places in the table, by a hash that clients cannot foresee. A new address takes the place whose
 * bucket is full first. Mostly that bucket is full already, so nothing is forgotten. Any thread.
 */
public final class RateLimit {

    private static final int PLACES = 4;
    private static final int SETS = 1 << 14;
    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;
    private static final byte[] NO_ADDRESS = {};

    private final long intervalNanos;
    private final long toleranceNanos;
    private final long secret = ThreadLocalRandom.current().nextLong();
    private final AtomicLongArray owners = new AtomicLongArray(SETS * PLACES);
    private final AtomicLongArray fullAt = new AtomicLongArray(SETS * PLACES);

    /**
     * @param count how many requests may come
     * @param period in this time
     * @param burst how many may come at once
     */
    public RateLimit(int count, Duration period, int burst) {
        intervalNanos = period.toNanos() / count;
        toleranceNanos = intervalNanos * (burst - 1);
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
        int place = place(owner, nanos);
        while (true) {
            long full = fullAt.get(place);
            long from = full - nanos > 0 ? full : nanos;
            long wait = from - nanos - toleranceNanos;
            if (wait > 0) {
                return TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
            }
            if (fullAt.compareAndSet(place, full, from + intervalNanos)) {
                return 0;
            }
        }
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

    private int place(long owner, long nanos) {
        int first = (int) (owner & SETS - 1) * PLACES;
        int chosen = first;
        long least = Long.MAX_VALUE;
        for (int place = first; place < first + PLACES; place++) {
            long holder = owners.get(place);
            if (holder == owner) {
                return place;
            }
            long left = holder == 0 ? Long.MIN_VALUE : fullAt.get(place) - nanos;
            if (left < least) {
                least = left;
                chosen = place;
            }
        }
        owners.set(chosen, owner);
        fullAt.set(chosen, nanos);
        return chosen;
    }
}
