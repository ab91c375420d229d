package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** A run of bytes in an array; reused. Not safe for use by more than one thread. */
final class Span {

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int from;
    private int to;

    void clear() {
        set(NOTHING, 0, 0);
    }

    void set(byte[] source, int start, int end) {
        bytes = source;
        from = start;
        to = end;
    }

    void set(byte[] source) {
        set(source, 0, source.length);
    }

    void set(Span other) {
        set(other.bytes, other.from, other.to);
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Returns true if the bytes are a word, given in lower case, in any case of letters. */
    boolean is(byte[] lowerCase) {
        return Octets.equalsIgnoreCase(bytes, from, to, lowerCase);
    }

    /** Returns the bytes as text. */
    String text() {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /** Returns true if both hold the same bytes, in any case of letters. */
    boolean isSameAs(Span other) {
        if (to - from != other.to - other.from) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (Octets.lower(bytes[from + i]) != Octets.lower(other.bytes[other.from + i])) {
                return false;
            }
        }
        return true;
    }
}
