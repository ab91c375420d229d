package dev.turnout.proxy.route;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded table of token buckets that all event loops share without a lock. Any thread.
 *
 * <p>An owner has four places in the table, by its number, which clients cannot foresee. A new owner takes the place whose
 * bucket is full first. Mostly that bucket is full already, so nothing is forgotten. The memory comes in blocks, when the
 * first owner needs one.
 */
final class RateBuckets {

    /** The smallest table. */
    static final long LEAST_BYTES = 1 << 12;

    /** The largest table: about 65,536 owners. */
    static final long MOST_BYTES = 1 << 20;

    private static final int PLACES = 4;
    private static final int SETS_OF_BLOCK = 16;
    private static final int PLACES_OF_BLOCK = SETS_OF_BLOCK * PLACES;

    /** A place is the number of the owner and, so many elements behind it, the time when the bucket is full. */
    private static final int FULL_AT = PLACES_OF_BLOCK;

    private static final int BLOCK_LONGS = 2 * PLACES_OF_BLOCK;
    private static final int BLOCK_BYTES = BLOCK_LONGS * Long.BYTES;

    private final AtomicReferenceArray<AtomicLongArray> blocks;
    private final long sets;

    /** @param bytes the most memory, a power of two, {@link #LEAST_BYTES} at least */
    RateBuckets(long bytes) {
        blocks = new AtomicReferenceArray<>((int) (bytes / BLOCK_BYTES));
        sets = (long) blocks.length() * SETS_OF_BLOCK;
    }

    /** Returns the most memory, in bytes. */
    long bytes() {
        return (long) blocks.length() * BLOCK_BYTES;
    }

    /** Returns the memory of the blocks that there are, in bytes. */
    long usedBytes() {
        long used = 0;
        for (int i = 0; i < blocks.length(); i++) {
            used += blocks.get(i) == null ? 0 : BLOCK_BYTES;
        }
        return used;
    }

    /**
     * Takes a token.
     *
     * @param owner not 0
     * @param nanos the time, from the origin of {@link System#nanoTime}
     * @param interval the time between two tokens, in nanoseconds
     * @param tolerance how long before a bucket is full a token may still be taken, in nanoseconds
     * @return 0 if there was one; else for how many nanoseconds there is none
     */
    long take(long owner, long nanos, long interval, long tolerance) {
        AtomicLongArray block = block(owner);
        int time = FULL_AT + place(block, owner, nanos);
        while (true) {
            long full = block.get(time);
            long from = full - nanos > 0 ? full : nanos;
            long wait = from - nanos - tolerance;
            if (wait > 0) {
                return wait;
            }
            if (block.compareAndSet(time, full, from + interval)) {
                return 0;
            }
        }
    }

    /**
     * Returns a table of another size with the buckets that are not full.
     *
     * @param bytes the most memory, a power of two, {@link #LEAST_BYTES} at least
     * @param nanos the time, from the origin of {@link System#nanoTime}
     */
    RateBuckets copy(long bytes, long nanos) {
        RateBuckets copy = new RateBuckets(bytes);
        for (int i = 0; i < blocks.length(); i++) {
            AtomicLongArray block = blocks.get(i);
            for (int place = 0; block != null && place < PLACES_OF_BLOCK; place++) {
                long owner = block.get(place);
                long full = block.get(FULL_AT + place);
                if (owner != 0 && full - nanos > 0) {
                    copy.put(owner, full, nanos);
                }
            }
        }
        return copy;
    }

    private void put(long owner, long full, long nanos) {
        AtomicLongArray block = block(owner);
        int place = placeToTake(block, owner, nanos);
        if (block.get(place) == 0 || block.get(FULL_AT + place) - full < 0) {
            block.set(place, owner);
            block.set(FULL_AT + place, full);
        }
    }

    private AtomicLongArray block(long owner) {
        int index = (int) ((owner & sets - 1) / SETS_OF_BLOCK);
        AtomicLongArray block = blocks.get(index);
        if (block != null) {
            return block;
        }
        AtomicLongArray made = new AtomicLongArray(BLOCK_LONGS);
        AtomicLongArray before = blocks.compareAndExchange(index, null, made);
        return before == null ? made : before;
    }

    private static int place(AtomicLongArray block, long owner, long nanos) {
        int place = placeToTake(block, owner, nanos);
        if (block.get(place) != owner) {
            block.set(place, owner);
            block.set(FULL_AT + place, nanos);
        }
        return place;
    }

    /** Returns the place of an owner; that whose bucket is full first if the owner has none. */
    private static int placeToTake(AtomicLongArray block, long owner, long nanos) {
        int first = (int) (owner & SETS_OF_BLOCK - 1) * PLACES;
        int chosen = first;
        long least = Long.MAX_VALUE;
        for (int place = first; place < first + PLACES; place++) {
            long holder = block.get(place);
            if (holder == owner) {
                return place;
            }
            long left = holder == 0 ? Long.MIN_VALUE : block.get(FULL_AT + place) - nanos;
            if (left < least) {
                least = left;
                chosen = place;
            }
        }
        return chosen;
    }
}
