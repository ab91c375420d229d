package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;

/**
 * Writes the header block behind a body as the end of a chunked one: the last chunk and the trailer (RFC 9113, section
 * 8.1). Not safe for use by more than one thread.
 */
final class TrailerFields extends MessageFields {

    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(ISO_8859_1);

    TrailerFields(int limit) {
        super(limit);
    }

    /** Begins the end of a body. */
    void begin(HeadWriter out) {
        clear(out);
    }

    @Override
    boolean pseudoHeader(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        return false;
    }

    @Override
    boolean begin() {
        out().append(LAST_CHUNK);
        return true;
    }

    @Override
    boolean accepts(FieldName name, byte[] values, int from, int to) {
        return !name.isFraming();
    }

    /** What is only spelled like a field of framing is left out: nobody may take it for one. */
    @Override
    boolean isWritten(FieldName name, byte[] names, int from, int to) {
        return !ChunkScanner.NO_FRAMING.contains(names, from, to);
    }

    /** Ends the body. */
    BlockVerdict end() {
        BlockVerdict verdict = verdict();
        if (verdict == BlockVerdict.WHOLE) {
            out().append(CRLF);
        }
        return verdict;
    }
}
