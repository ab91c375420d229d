package dev.turnout.proxy.http1;

/**
 * SipHash-2-4 of a message of eight bytes: a keyed hash that nobody without the key can compute (Aumasson and
 * Bernstein, 2012).
 *
 * @param k0 the first half of the key, read as a little-endian number
 * @param k1 the second half
 */
record SipHash(long k0, long k1) {

    private static final int ROUNDS_OF_A_BLOCK = 2;
    private static final int ROUNDS_AT_THE_END = 4;
    private static final long LENGTH_BLOCK = 8L << 56;

    long of(long message) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        long block = message;
        int rounds = ROUNDS_OF_A_BLOCK;
        for (int step = 0; step < 3; step++) {
            v3 ^= block;
            for (int round = 0; round < rounds; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= block;
            if (step == 0) {
                block = LENGTH_BLOCK;
            } else {
                block = 0;
                rounds = ROUNDS_AT_THE_END;
                v2 ^= step == 1 ? 0xff : 0;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
