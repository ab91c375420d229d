package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the head of a copied request: the head that the target got, a line that says what it is, and without the fields
 * that an operator keeps back. A copy is no part of the client's trace. Any thread.
 */
public final class CopiedHead {

    private static final byte[] END = "X-Turnout-Rehearsal: 1\r\n\r\n".getBytes(US_ASCII);
    private static final int CRLF = 2;
    private static final List<String> TRACE = List.of("traceparent", "tracestate");

    private final HeadEdits edits;

    /** @param removed names of fields that no message is framed or routed by */
    public CopiedHead(List<String> removed) {
        edits = new HeadEdits(Stream.concat(removed.stream(), TRACE.stream()).toList(), List.of());
    }

    /**
     * Writes the head of a copy without its end, behind which {@link #end} comes.
     *
     * @param head begins with the head, as it went to the target
     * @param length of the head, in bytes
     * @return how many bytes of {@code out} are the head's
     */
    public int write(byte[] head, int length, HeadWriter out) {
        edits.write(head, 0, length, out);
        return out.length() - CRLF;
    }

    /** Returns the last lines of each copy's head. Not to be changed. */
    public byte[] end() {
        return END;
    }
}
