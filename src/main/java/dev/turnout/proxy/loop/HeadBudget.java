package dev.turnout.proxy.loop;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory for the heads of one event loop: heads that clients have not finished, and heads of requests in flight.
 *
 * <p>When it is used up the oldest unfinished heads are given up. A client that means it finishes its head within
 * milliseconds. One address can have a part of the memory for its unfinished heads. A head that comes whole is never
 * looked up here, it is only counted. Event loop only.
 *
 * @param <T> who holds an unfinished head
 */
public final class HeadBudget<T> {

    /** What part of the memory one address may have. */
    private static final int SHARE = 4;

    /** How many of the largest heads there may be at least, in all and from one address. */
    private static final int LEAST_HEADS = 32;

    private static final int LEAST_OF_ADDRESS = 8;

    private final long limit;
    private final long addressLimit;
    private final Consumer<T> dropped;
    private final Map<T, Unfinished> unfinished = new LinkedHashMap<>();
    private final Map<Object, Address<T>> addresses = new HashMap<>();
    private long unfinishedBytes;
    private long inFlightBytes;

    private static final class Unfinished {
        private final @Nullable Object address;
        private int bytes;

        Unfinished(@Nullable Object address) {
            this.address = address;
        }
    }

    private static final class Address<T> {
        private final Set<T> holders = new LinkedHashSet<>();
        private long bytes;
    }

    /**
     * @param bytes the memory for heads, in bytes
     * @param largestHead in bytes; there is always room for some of these
     * @param dropped told of a holder whose unfinished head is given up, and which counts no more
     */
    public HeadBudget(long bytes, int largestHead, Consumer<T> dropped) {
        this.limit = Math.max(bytes, (long) LEAST_HEADS * largestHead);
        this.addressLimit = Math.max(limit / SHARE, (long) LEAST_OF_ADDRESS * largestHead);
        this.dropped = dropped;
    }

    /** Returns what counts as one address: all of an IPv6 subnet (/64) does, since one host can use each of them. */
    public static Object key(InetAddress address) {
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    /**
     * Counts an unfinished head, or what has been added to it, and gives up the oldest ones if there is no room.
     *
     * @param address the {@link #key} of the holder's address; null if that has no bound of its own
     * @param bytes all that the holder keeps now
     */
    public void hold(T holder, @Nullable Object address, int bytes) {
        Unfinished head = unfinished.computeIfAbsent(holder, first -> new Unfinished(address));
        int more = bytes - head.bytes;
        head.bytes = bytes;
        unfinishedBytes += more;
        if (head.address != null) {
            Address<T> of = addresses.computeIfAbsent(head.address, first -> new Address<>());
            of.holders.add(holder);
            of.bytes += more;
            while (of.bytes > addressLimit) {
                drop(of.holders.iterator().next());
            }
        }
        makeRoom(0);
    }

    /** Forgets an unfinished head: it is whole now, or its holder has ended. */
    public void release(T holder) {
        Unfinished head = unfinished.remove(holder);
        if (head == null) {
            return;
        }
        unfinishedBytes -= head.bytes;
        Address<T> of = head.address == null ? null : addresses.get(head.address);
        if (of != null) {
            of.bytes -= head.bytes;
            of.holders.remove(holder);
            if (of.holders.isEmpty()) {
                addresses.remove(head.address);
            }
        }
    }

    /** Counts the head of a request that is to be sent to a target. Returns false if there is no room for it. */
    public boolean admit(int bytes) {
        if (unfinishedBytes + inFlightBytes + bytes > limit && !makeRoom(bytes)) {
            return false;
        }
        inFlightBytes += bytes;
        return true;
    }

    /** Forgets the head of a request that has ended. */
    public void leave(int bytes) {
        inFlightBytes -= bytes;
    }

    private boolean makeRoom(int bytes) {
        while (unfinishedBytes + inFlightBytes + bytes > limit && !unfinished.isEmpty()) {
            drop(unfinished.keySet().iterator().next());
        }
        return unfinishedBytes + inFlightBytes + bytes <= limit;
    }

    private void drop(T holder) {
        release(holder);
        dropped.accept(holder);
    }

    /** Returns how many bytes are held now. */
    long bytes() {
        return unfinishedBytes + inFlightBytes;
    }
}
