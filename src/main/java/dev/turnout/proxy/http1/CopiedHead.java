package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the head of a copied request: the head that the target got, a line that says what it is, and without the fields
 * that an operator keeps back. A copy is no part of the client's trace. Any thread.
 */
public final class CopiedHead {

    private static final byte[] LINE = "X-Turnout-Rehearsal: 1\r\n".getBytes(US_ASCII);
    private static final int CRLF = 2;
    private static final List<String> TRACE = List.of("traceparent", "tracestate");

    private final HeadEdits edits;

    /** @param removed names of fields that no message is framed or routed by */
    public CopiedHead(List<String> removed) {
        edits = new HeadEdits(Stream.concat(removed.stream(), TRACE.stream()).toList(), List.of());
    }

    /**
     * Returns the head of the copy, which is the caller's to release.
     *
     * @param head begins with the head, as it went to the target
     * @param length of the head, in bytes
     * @param out is written to meanwhile
     */
    public ByteBuf write(byte[] head, int length, HeadWriter out, ByteBufAllocator allocator) {
        edits.write(head, 0, length, out);
        ByteBuf copy = allocator.directBuffer(out.length() + LINE.length);
        copy.writeBytes(out.bytes(), 0, out.length() - CRLF);
        copy.writeBytes(LINE);
        return copy.writeBytes(out.bytes(), out.length() - CRLF, CRLF);
    }
}
