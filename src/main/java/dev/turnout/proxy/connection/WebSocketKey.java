package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the keys that targets of WebSockets get for clients that have none (RFC 6455, section 4.1): 16 random bytes in
 * Base64. They keep caches from answering, and no secret depends on them. Event loop only.
 */
final class WebSocketKey {

    private static final byte[] DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(US_ASCII);
    private static final int LENGTH = 24;

    /** Of 128 bits the last digit has two, which are its upper ones. */
    private static final int LAST = 21;

    private final byte[] key = new byte[LENGTH];

    /** Returns a new key, in the same array each time. */
    byte[] next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long bits = 0;
        for (int i = 0; i < LAST; i++) {
            bits = i % 10 == 0 ? random.nextLong() : bits >>> 6;
            key[i] = DIGITS[(int) bits & 0x3f];
        }
        key[LAST] = DIGITS[(int) (bits >>> 6) & 0x30];
        key[LAST + 1] = '=';
        key[LAST + 2] = '=';
        return key;
    }
}
