package dev.turnout.tls;

import dev.turnout.tls.ClientHello.Progress;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Takes a client's first handshake message out of its records (RFC 8446, section 5.1), however the message is split over
 * them. Used again and again. One thread at a time.
 */
final class HelloRecords {

    private static final int RECORD_HEADER = 5;
    private static final int RECORD_LENGTH = 3;
    private static final int LARGEST_RECORD = 16 * 1024;
    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int MESSAGE_HEADER = 4;
    private static final int CLIENT_HELLO = 1;
    private static final int FIRST_CAPACITY = 4096;

    private byte[] message = new byte[FIRST_CAPACITY];
    private int count;
    private int wanted;
    private int missing;

    /** Looks at all that has come; takes nothing from the buffer. */
    Progress gather(ByteBuf in) {
        count = 0;
        wanted = MESSAGE_HEADER;
        missing = 0;
        int position = 0;
        Progress progress = Progress.INCOMPLETE;
        while (progress == Progress.INCOMPLETE && missing == 0) {
            int record = recordAt(in, position);
            if (record > 0) {
                progress = takeRecord(in, position + RECORD_HEADER, record);
                position += RECORD_HEADER + record;
            } else if (missing == 0) {
                progress = position == 0 && !hasTlsHeader(in) ? Progress.NOT_TLS : Progress.BROKEN;
            }
        }
        return progress;
    }

    private static boolean hasTlsHeader(ByteBuf in) {
        return in.getUnsignedByte(in.readerIndex()) == HANDSHAKE
                && (in.readableBytes() == 1 || in.getUnsignedByte(in.readerIndex() + 1) == MAJOR_VERSION);
    }

    /** Returns the length of a record; 0 if its header is not whole, or is none. */
    private int recordAt(ByteBuf in, int position) {
        int start = in.readerIndex() + position;
        int there = in.readableBytes() - position;
        if (there > 0 && in.getUnsignedByte(start) != HANDSHAKE
                || there > 1 && in.getUnsignedByte(start + 1) != MAJOR_VERSION) {
            return 0;
        }
        if (there < RECORD_HEADER) {
            missing = RECORD_HEADER - there + wanted - count;
            return 0;
        }
        int length = in.getUnsignedShort(start + RECORD_LENGTH);
        return length <= LARGEST_RECORD ? length : 0;
    }

    private Progress takeRecord(ByteBuf in, int position, int length) {
        int at = position;
        int end = position + length;
        while (at < end && count < wanted) {
            int part = Math.min(end - at, wanted - count);
            if (at + part > ClientHello.LONGEST) {
                return Progress.TOO_LONG;
            }
            int there = Math.min(part, in.readableBytes() - at);
            append(in, in.readerIndex() + at, there);
            if (there < part) {
                missing = wanted - count;
                return Progress.INCOMPLETE;
            }
            at += part;
            if (count == MESSAGE_HEADER) {
                if (message[0] != CLIENT_HELLO) {
                    return Progress.BROKEN;
                }
                wanted = MESSAGE_HEADER + messageLength();
                if (wanted > ClientHello.LONGEST) {
                    return Progress.TOO_LONG;
                }
            }
        }
        return count == wanted ? Progress.COMPLETE : Progress.INCOMPLETE;
    }

    private int messageLength() {
        return (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
    }

    private void append(ByteBuf in, int from, int length) {
        if (count + length > message.length) {
            message = Arrays.copyOf(message, Math.max(count + length, 2 * message.length));
        }
        in.getBytes(from, message, count, length);
        count += length;
    }

    /** Returns how many bytes a whole message needs at least, beyond those that have come. */
    int missing() {
        return missing;
    }

    /** Returns the message, with its header; valid until the next look. */
    byte[] message() {
        return message;
    }

    /** Returns where the body of the message begins. */
    int bodyStart() {
        return MESSAGE_HEADER;
    }

    /** Returns where the message ends. */
    int end() {
        return count;
    }
}
