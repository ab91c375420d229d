package dev.turnout.proxy.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.function.Consumer;

/** The writer of a message of Protocol Buffers, field by field. */
final class OtlpWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int CONTINUES = 0x80;

    private static final int FIRST_SIZE = 1 << 10;

    private byte[] out = new byte[FIRST_SIZE];
    private int size;

    byte[] bytes() {
        return Arrays.copyOf(out, size);
    }

    private void room(int more) {
        if (more > out.length - size) {
            out = Arrays.copyOf(out, Math.max(size + more, 2 * out.length));
        }
    }

    private void octet(int value) {
        room(1);
        out[size++] = (byte) value;
    }

    private void varint(long number) {
        long left = number;
        while ((left & -CONTINUES) != 0) {
            octet((int) left & CONTINUES - 1 | CONTINUES);
            left >>>= 7;
        }
        octet((int) left);
    }

    private void tag(int field, int type) {
        varint((long) field << 3 | type);
    }

    OtlpWriter number(int field, long number) {
        tag(field, VARINT);
        varint(number);
        return this;
    }

    OtlpWriter fixed64(int field, long number) {
        tag(field, FIXED64);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            octet((int) (number >>> shift));
        }
        return this;
    }

    OtlpWriter bytes(int field, byte[] bytes) {
        tag(field, LENGTH_DELIMITED);
        varint(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
        return this;
    }

    OtlpWriter text(int field, String text) {
        return bytes(field, text.getBytes(UTF_8));
    }

    /** Writes a message in this one. Its length stands before it and is known behind it, so what is longer makes way. */
    OtlpWriter message(int field, Consumer<OtlpWriter> content) {
        tag(field, LENGTH_DELIMITED);
        octet(0);
        int start = size;
        content.accept(this);
        int length = size - start;
        int more = varintSize(length) - 1;
        room(more);
        System.arraycopy(out, start, out, start + more, length);
        size = start - 1;
        varint(length);
        size += length;
        return this;
    }

    private static int varintSize(int number) {
        return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(number) + 6) / 7);
    }
}
