package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;

/**
 * The fields of one header block on their way into HTTP/1 lines. No field is written before its octets have been
 * checked. Of a block that is malformed or over the limit the rest goes nowhere, but is decoded: the compression goes
 * on behind it. Reused from block to block. Not safe for use by more than one thread.
 */
abstract sealed class MessageFields implements FieldSink permits RequestFields, ResponseFields, TrailerFields {

    static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);
    static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(ISO_8859_1);
    static final byte[] NO_CONTENT = "content-length: 0\r\n".getBytes(ISO_8859_1);
    static final byte[] UPGRADE = "upgrade: websocket\r\nconnection: Upgrade\r\n".getBytes(ISO_8859_1);

    private final int limit;
    private HeadWriter out = new HeadWriter();
    private long size;
    private boolean malformed;
    private boolean begun;
    private long contentLength;

    /** @param limit the largest list of fields by RFC 9113, section 6.5.2 */
    MessageFields(int limit) {
        this.limit = limit;
    }

    /** Forgets the block before. */
    final void clear(HeadWriter next) {
        out = next.clear();
        size = 0;
        malformed = false;
        begun = false;
        contentLength = -1;
    }

    @Override
    public final void field(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        size += nameTo - nameFrom + valueTo - valueFrom + HpackTable.ENTRY_OVERHEAD;
        if (size <= limit) {
            malformed = malformed || !isTaken(names, nameFrom, nameTo, values, valueFrom, valueTo);
        }
    }

    private boolean isTaken(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        if (nameFrom == nameTo || !FieldRules.isValue(values, valueFrom, valueTo)) {
            return false;
        }
        if (names[nameFrom] == ':') {
            return !begun && pseudoHeader(names, nameFrom, nameTo, values, valueFrom, valueTo);
        }
        if (!FieldRules.isName(names, nameFrom, nameTo) || !hasBegun()) {
            return false;
        }
        FieldName name = FieldName.of(names, nameFrom, nameTo);
        if (FieldRules.isOfConnection(name) || !accepts(name, values, valueFrom, valueTo)) {
            return false;
        }
        if (isWritten(name, names, nameFrom, nameTo)) {
            line(names, nameFrom, nameTo, values, valueFrom, valueTo);
        }
        return true;
    }

    private boolean hasBegun() {
        if (!begun) {
            begun = true;
            return begin();
        }
        return true;
    }

    /** Takes a pseudo-header. Returns false if the message must not have it. */
    abstract boolean pseudoHeader(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo);

    /** Writes what comes before the lines, once all pseudo-headers are there. Returns false if one is missing or wrong. */
    abstract boolean begin();

    /** Looks at a field. Returns false if the message must not have it. */
    abstract boolean accepts(FieldName name, byte[] values, int from, int to);

    /** Returns true if an accepted field becomes a line of its own. */
    abstract boolean isWritten(FieldName name, byte[] names, int from, int to);

    /** Notes the one Content-Length. Returns false if it is not the only one, or no number. */
    final boolean takesLength(byte[] values, int from, int to) {
        if (contentLength >= 0) {
            return false;
        }
        contentLength = FieldRules.length(values, from, to);
        return contentLength >= 0;
    }

    /** Returns what is wrong with the block as far as the fields say it. */
    final BlockVerdict verdict() {
        if (size > limit) {
            return BlockVerdict.TOO_LARGE;
        }
        return malformed || !hasBegun() ? BlockVerdict.MALFORMED : BlockVerdict.WHOLE;
    }

    /** Returns the Content-Length; -1 if there is none. */
    final long contentLength() {
        return contentLength;
    }

    final HeadWriter out() {
        return out;
    }

    private void line(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        int name = nameTo - nameFrom;
        int value = valueTo - valueFrom;
        int at = out.reserve(name + value + 4);
        byte[] bytes = out.bytes();
        System.arraycopy(names, nameFrom, bytes, at, name);
        at += name;
        bytes[at++] = ':';
        bytes[at++] = ' ';
        System.arraycopy(values, valueFrom, bytes, at, value);
        at += value;
        bytes[at++] = '\r';
        bytes[at] = '\n';
    }
}
