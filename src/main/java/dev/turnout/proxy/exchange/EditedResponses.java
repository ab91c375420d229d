package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** The heads of responses that rules change, each scanned again as strictly as the target's. Event loop only. */
final class EditedResponses {

    /** More than all rules of a service add. */
    private static final int MOST_ADDED = 1 << 20;

    private HeadWriter written = new HeadWriter();
    private HeadWriter spare = new HeadWriter();
    private final ResponseHead head;

    /** @param headLimit the largest head of a target, in bytes */
    EditedResponses(int headLimit) {
        head = new ResponseHead(headLimit + MOST_ADDED);
    }

    /** Writes a head with all changes, and scans it. Returns false if it is no head of a response any more. */
    boolean edit(ResponseHead original, int length, List<HeadEdits> edits) {
        written.clear().append(original.bytes(), original.start(), original.start() + length);
        for (HeadEdits each : edits) {
            each.write(written.bytes(), 0, written.length(), spare);
            HeadWriter next = spare;
            spare = written;
            written = next;
        }
        return head.scan(written.bytes(), 0, written.length()) == written.length();
    }

    /** Returns the last head that was edited. */
    ResponseHead head() {
        return head;
    }

    /** Returns how long the head is, in bytes. */
    int length() {
        return written.length();
    }

    /**
     * Returns a buffer with the head and what came behind the original.
     *
     * @param in begins with the original head; released
     */
    ByteBuf replace(ByteBuf in, int originalLength, ByteBufAllocator allocator) {
        try {
            in.skipBytes(originalLength);
            return allocator
                    .directBuffer(written.length() + in.readableBytes())
                    .writeBytes(written.bytes(), 0, written.length())
                    .writeBytes(in);
        } finally {
            in.release();
        }
    }
}
