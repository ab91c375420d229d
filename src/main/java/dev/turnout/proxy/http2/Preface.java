package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What a client begins a connection with (RFC 9113, section 3.4). No HTTP/1 request begins so. */
public enum Preface {
    /** The bytes are a part of it. */
    INCOMPLETE,
    WHOLE,
    /** The client speaks another protocol. */
    OTHER;

    public static final int LENGTH = 24;

    private static final byte[] OCTETS = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    /** Returns what the first bytes of a connection are. */
    public static Preface of(byte[] bytes, int from, int to) {
        int count = Math.min(LENGTH, to - from);
        for (int i = 0; i < count; i++) {
            if (bytes[from + i] != OCTETS[i]) {
                return OTHER;
            }
        }
        return count == LENGTH ? WHOLE : INCOMPLETE;
    }

    /** Returns the octet at a place of the preface. */
    public static byte octet(int index) {
        return OCTETS[index];
    }
}
