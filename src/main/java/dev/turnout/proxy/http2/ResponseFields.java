package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.StatusLine;
import java.util.Arrays;

/** Writes the header block of a target's response as an HTTP/1.1 head. Not safe for use by more than one thread. */
final class ResponseFields extends MessageFields {

    /** The request was no extended CONNECT. */
    static final byte[] NO_TUNNEL = {};

    private static final byte[] STATUS = ":status".getBytes(ISO_8859_1);
    private static final byte[] ACCEPT = "sec-websocket-accept: ".getBytes(ISO_8859_1);
    private static final int SWITCHING_PROTOCOLS = 101;

    private byte[] webSocketAccept = NO_TUNNEL;
    private int status = -1;
    private boolean isTunnel;

    ResponseFields(int limit) {
        super(limit);
    }

    /**
     * Begins a head.
     *
     * @param accept what a client gets that waits for a 101; or {@link #NO_TUNNEL}
     */
    void begin(HeadWriter out, byte[] accept) {
        clear(out);
        webSocketAccept = accept;
        status = -1;
        isTunnel = false;
    }

    @Override
    boolean pseudoHeader(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        if (status >= 0
                || valueTo - valueFrom != 3
                || !Arrays.equals(names, nameFrom, nameTo, STATUS, 0, STATUS.length)) {
            return false;
        }
        int number = 0;
        for (int i = valueFrom; i < valueTo; i++) {
            if (!Octets.isDigit(values[i])) {
                return false;
            }
            number = number * 10 + values[i] - '0';
        }
        status = number;
        return true;
    }

    @Override
    boolean begin() {
        // RFC 9113, section 8.6: HTTP/2 has no 101.
        if (status < 100 || status >= StatusLine.CODES_END || status == SWITCHING_PROTOCOLS) {
            return false;
        }
        isTunnel = webSocketAccept.length > 0 && status / 100 == 2;
        out().append(StatusLine.of(isTunnel ? SWITCHING_PROTOCOLS : status));
        return true;
    }

    @Override
    boolean accepts(FieldName name, byte[] values, int from, int to) {
        return name != FieldName.CONTENT_LENGTH || takesLength(values, from, to);
    }

    @Override
    boolean isWritten(FieldName name, byte[] names, int from, int to) {
        return !isTunnel || name != FieldName.CONTENT_LENGTH;
    }

    /**
     * Ends the head.
     *
     * @param endsStream whether nothing follows
     * @param toHead whether the request was HEAD
     */
    BlockVerdict end(boolean endsStream, boolean toHead) {
        BlockVerdict verdict = verdict();
        if (verdict != BlockVerdict.WHOLE) {
            return verdict;
        }
        boolean isInterim = status < 200;
        boolean hasNoBody = isInterim || toHead || status == 204 || status == 304;
        if (endsStream && (isInterim || !hasNoBody && contentLength() > 0)) {
            return BlockVerdict.MALFORMED;
        }
        if (isTunnel) {
            out().append(UPGRADE).append(ACCEPT).append(webSocketAccept).append(CRLF);
        } else if (!hasNoBody && contentLength() < 0) {
            out().append(endsStream ? NO_CONTENT : CHUNKED);
        }
        out().append(CRLF);
        return BlockVerdict.WHOLE;
    }

    /** Returns the status code that the target has sent. */
    int status() {
        return status;
    }
}
