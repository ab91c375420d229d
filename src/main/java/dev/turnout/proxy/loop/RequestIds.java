package dev.turnout.proxy.loop;

import dev.turnout.proxy.http1.Octets;
import java.util.random.RandomGenerator;

/**
 * The request ids that one event loop gives: 16 hex digits that tell this process from others, and 16 hex digits that
 * tell the request from others of this process. Event loop only.
 */
public final class RequestIds {

    private static final int LENGTH = 32;

    private final byte[] id = new byte[LENGTH];
    private final int loop;
    private long number;

    /**
     * @param loop the index of the event loop
     * @param random chooses the digits of the event loop
     */
    public RequestIds(int loop, RandomGenerator random) {
        this.loop = loop;
        Octets.putHex(random.nextLong(), id, 0);
    }

    /** Returns the current id in ASCII. {@link #advance} changes the same array. */
    public byte[] id() {
        return id;
    }

    /** Makes the current id one that no other request has. */
    public void advance() {
        number++;
        Octets.putHex(number << 8 | loop & 0xff, id, LENGTH / 2);
    }
}
