package dev.turnout.proxy.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a collector says of a batch that it has taken (ExportTracePartialSuccess of OTLP).
 *
 * @param rejectedSpans the spans of the batch that it has not kept
 * @param words why, or a warning; may be empty
 */
record PartialSuccess(long rejectedSpans, String words) {

    static final PartialSuccess NONE = new PartialSuccess(0, "");

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int PARTIAL_SUCCESS = 1;
    private static final int REJECTED_SPANS = 1;
    private static final int ERROR_MESSAGE = 2;

    /** Returns true if the whole batch was kept, and nothing is said about it. */
    boolean isNone() {
        return rejectedSpans == 0 && words.isEmpty();
    }

    /** Reads the answer to a batch. An answer that is no such message says nothing. */
    static PartialSuccess of(byte[] answer) {
        try {
            ByteBuffer inner = lengthDelimited(ByteBuffer.wrap(answer), PARTIAL_SUCCESS);
            return inner == null ? NONE : read(inner);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return NONE;
        }
    }

    private static PartialSuccess read(ByteBuffer message) {
        long rejected = 0;
        String words = "";
        while (message.hasRemaining()) {
            long tag = varint(message);
            if (tag == (REJECTED_SPANS << 3 | VARINT)) {
                rejected = Math.max(0, varint(message));
            } else if (tag == (ERROR_MESSAGE << 3 | LENGTH_DELIMITED)) {
                words = UTF_8.decode(slice(message)).toString();
            } else {
                skip(message, tag);
            }
        }
        return new PartialSuccess(rejected, words);
    }

    private static @Nullable ByteBuffer lengthDelimited(ByteBuffer message, int field) {
        while (message.hasRemaining()) {
            long tag = varint(message);
            if (tag == (field << 3 | LENGTH_DELIMITED)) {
                return slice(message);
            }
            skip(message, tag);
        }
        return null;
    }

    private static void skip(ByteBuffer message, long tag) {
        switch ((int) (tag & 7)) {
            case VARINT -> varint(message);
            case FIXED64 -> message.getLong();
            case LENGTH_DELIMITED -> slice(message);
            case FIXED32 -> message.getInt();
            default -> throw new IllegalArgumentException("no type of a field");
        }
    }

    private static ByteBuffer slice(ByteBuffer message) {
        long length = varint(message);
        if (length < 0 || length > message.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = message.slice(message.position(), (int) length);
        message.position(message.position() + (int) length);
        return part;
    }

    private static long varint(ByteBuffer message) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte octet = message.get();
            number |= (long) (octet & 0x7f) << shift;
            if (octet >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
