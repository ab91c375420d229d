package dev.turnout.proxy.connection;

import java.util.concurrent.TimeUnit;

/**
 * How much of a request is still read and dropped when nobody wants it any more. A connection that is closed while the
 * client sends is reset, and the reset destroys the answer that the client has not read yet (RFC 9112, section 9.6).
 *
 * <p>To be used on its event loop only.
 */
final class Linger {

    /** How long a client may be silent while its bytes are dropped. Milliseconds. */
    static final long QUIET_MILLIS = 2_000;

    private static final long MOST_MILLIS = 30_000;
    private static final long MOST_BYTES = 16L << 20;

    private final long startedNanos = System.nanoTime();
    private long bytes;

    /** Drops bytes; returns false if the client has sent for too long, or too many. */
    boolean drop(int count) {
        bytes += count;
        return bytes <= MOST_BYTES && System.nanoTime() - startedNanos <= TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
    }
}
