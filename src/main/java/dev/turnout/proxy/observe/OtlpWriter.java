package dev.turnout.proxy.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** The writer of a message of Protocol Buffers, field by field. */
final class OtlpWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int CONTINUES = 0x80;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
        return out.toByteArray();
    }

    private void varint(long number) {
        long left = number;
        while ((left & -CONTINUES) != 0) {
            out.write((int) left & CONTINUES - 1 | CONTINUES);
            left >>>= 7;
        }
        out.write((int) left);
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
            out.write((int) (number >>> shift));
        }
        return this;
    }

    OtlpWriter bytes(int field, byte[] bytes) {
        tag(field, LENGTH_DELIMITED);
        varint(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    OtlpWriter text(int field, String text) {
        return bytes(field, text.getBytes(UTF_8));
    }

    OtlpWriter message(int field, Consumer<OtlpWriter> content) {
        OtlpWriter inner = new OtlpWriter();
        content.accept(inner);
        return bytes(field, inner.bytes());
    }
}
