package dev.turnout.proxy.http1;

import java.util.Arrays;

/** A growing array that a head is written into; reused from head to head. Not safe for use by more than one thread. */
public final class HeadWriter {

    private static final char LAST_LETTER = 0xff;
    private static final byte UNKNOWN = '?';

    private byte[] bytes = new byte[2048];
    private int length;

    /** Forgets what was written. */
    public HeadWriter clear() {
        length = 0;
        return this;
    }

    /** Appends a part of an array. */
    public HeadWriter append(byte[] source, int from, int to) {
        int count = to - from;
        room(count);
        Octets.copy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    HeadWriter append(Span span) {
        return append(span.bytes(), span.from(), span.to());
    }

    /** Forgets what was written behind an offset. */
    public void truncate(int end) {
        length = end;
    }

    /** Appends an array. */
    public HeadWriter append(byte[] source) {
        return append(source, 0, source.length);
    }

    /** Appends text. What is not in ISO 8859-1 becomes a question mark. */
    HeadWriter append(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            char letter = text.charAt(i);
            bytes[length + i] = letter <= LAST_LETTER ? (byte) letter : UNKNOWN;
        }
        length += count;
        return this;
    }

    /** Appends a whole number that is not negative, in decimal digits. */
    public HeadWriter number(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        room(digits);
        length += digits;
        long rest = number;
        for (int at = length - 1; at >= length - digits; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Appends one octet, the lowest of a number. */
    public HeadWriter octet(int octet) {
        room(1);
        bytes[length++] = (byte) octet;
        return this;
    }

    /** Appends octets of no meaning, which the caller sets. Returns where they begin. */
    public int reserve(int count) {
        room(count);
        int at = length;
        length += count;
        return at;
    }

    private void room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }

    /** Returns the array; its first {@link #length()} bytes are what was written. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }
}
