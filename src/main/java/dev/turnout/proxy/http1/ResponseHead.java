package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The head of a response, scanned strictly (RFC 9112, sections 4 to 6).
 *
 * <p>Offsets are into the array that was scanned; the object is reused from head to head, and its facts hold until the
 * next scan. Not safe for use by more than one thread.
 */
public final class ResponseHead {

    private static final byte[] HTTP_1_1 = "HTTP/1.1".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/1.".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);
    private static final byte[] TIMEOUT = "timeout=".getBytes(US_ASCII);
    private static final byte[] WEBSOCKET = "websocket".getBytes(US_ASCII);
    private static final int CODE_AT = "HTTP/1.1 ".length();
    private static final int CODE_END = "HTTP/1.1 200".length();

    private final FieldLines fields = new FieldLines();
    private final int limit;
    private Rejection rejection = Rejection.BAD_STATUS_LINE;
    private byte[] bytes = new byte[0];
    private int start;
    private int reasonStart;
    private int lineEnd;
    private int status;
    private int minor;

    /**
     * @param limit the largest head that is taken, in bytes
     */
    public ResponseHead(int limit) {
        this.limit = limit;
    }

    /**
     * Scans a head.
     *
     * @return the offset behind the head, or a code of {@link Scan}
     */
    public int scan(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        boolean cut = to - from > limit;
        int result = scanWithin(source, from, cut ? from + limit : to);
        if (result == Scan.INCOMPLETE && (cut || to - from == limit)) {
            return reject(Rejection.HEAD_TOO_LARGE);
        }
        return result;
    }

    private int scanWithin(byte[] source, int from, int to) {
        int at = statusLine(source, from, to);
        if (at < 0) {
            return at;
        }
        int end = fields.scan(source, at, to);
        if (end == Scan.REJECTED) {
            return reject(fields.rejection());
        }
        if (end > 0 && fields.chunked() && fields.contentLength() >= 0) {
            return reject(Rejection.TWO_FRAMINGS);
        }
        return end > 0 && fields.chunked() && minor == 0 ? reject(Rejection.BAD_TRANSFER_ENCODING) : end;
    }

    private int statusLine(byte[] source, int from, int to) {
        boolean isHttp11 = Octets.beginWithEight(source, from, to, HTTP_1_1);
        for (int i = isHttp11 ? HTTP_1_1.length : 0; i < CODE_END; i++) {
            if (from + i == to) {
                return Scan.INCOMPLETE;
            }
            if (!isStatusByte(source[from + i], i)) {
                return reject(Rejection.BAD_STATUS_LINE);
            }
        }
        int at = from + CODE_END;
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        reasonStart = source[at] == ' ' ? at + 1 : at;
        if (reasonStart == at && source[at] != '\r') {
            return reject(source[at] == '\n' ? Rejection.BARE_LF : Rejection.BAD_STATUS_LINE);
        }
        at = Octets.endOfText(source, reasonStart, to);
        if (at < to && source[at] != '\r') {
            return reject(source[at] == '\n' ? Rejection.BARE_LF : Rejection.CONTROL_CHARACTER);
        }
        if (at + 1 >= to) {
            return Scan.INCOMPLETE;
        }
        if (source[at + 1] != '\n') {
            return reject(Rejection.BARE_CR);
        }
        lineEnd = at;
        minor = source[from + VERSION.length] - '0';
        status = (source[from + CODE_AT] - '0') * 100
                + (source[from + CODE_AT + 1] - '0') * 10
                + source[from + CODE_AT + 2]
                - '0';
        return at + 2;
    }

    private static boolean isStatusByte(byte b, int index) {
        if (index < VERSION.length) {
            return b == VERSION[index];
        }
        if (index == VERSION.length) {
            return b == '0' || b == '1';
        }
        if (index == CODE_AT - 1) {
            return b == ' ';
        }
        // RFC 9110, section 15: there is no sixth class.
        return index == CODE_AT ? b >= '1' && b <= '5' : Octets.isDigit(b);
    }

    private int reject(Rejection why) {
        rejection = why;
        return Scan.REJECTED;
    }

    /** Returns why the last scan was rejected. */
    public Rejection rejection() {
        return rejection;
    }

    /** Returns the field lines of the head. */
    public FieldLines fields() {
        return fields;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** Returns where the reason phrase begins. */
    int reasonStart() {
        return reasonStart;
    }

    /** Returns where the status line's CR stands. */
    int lineEnd() {
        return lineEnd;
    }

    /** Returns true if the space is there that RFC 9112 wants even before an empty reason phrase. */
    boolean hasReasonSpace() {
        return reasonStart > start + CODE_END;
    }

    /** Returns how long the status line is, with its CRLF, in bytes. */
    public int statusLineLength() {
        return lineEnd + 2 - start;
    }

    /** Returns true if the target says when it made the response. */
    public boolean hasDate() {
        return fields.count(FieldName.DATE) > 0;
    }

    /** Returns true if the target says itself whether browsers have to come by HTTPS (RFC 6797). */
    public boolean hasStrictTransport() {
        return fields.count(FieldName.STRICT_TRANSPORT_SECURITY) > 0;
    }

    /** Returns true if the response sets a cookie of this name. */
    boolean setsCookie(byte[] name) {
        if (fields.count(FieldName.SET_COOKIE) == 0) {
            return false;
        }
        for (int line = 0; line < fields.size(); line++) {
            int from = fields.valueStart(line);
            if (fields.name(line) == FieldName.SET_COOKIE
                    && fields.valueEnd(line) - from > name.length
                    && bytes[from + name.length] == '='
                    && Arrays.equals(bytes, from, from + name.length, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if the target refuses to go on without another protocol (RFC 9110, section 15.5.22). */
    boolean requiresUpgrade() {
        return status == 426 && fields.count(FieldName.UPGRADE) > 0;
    }

    /** Returns the status code, 100 to 599. */
    public int status() {
        return status;
    }

    /** Returns true if this is an interim response, which a final one follows (RFC 9110, section 15.2). */
    public boolean isInterim() {
        return status < 200;
    }

    /** Returns true if a response with this status never has a body (RFC 9112, section 6.3). */
    public boolean isBodiless() {
        return status < 200 || status == 204 || status == 304;
    }

    /** Returns true if the target goes on in another protocol. */
    public boolean isSwitchingProtocols() {
        return status == 101;
    }

    /** Returns true if the protocol that a 101 response goes on in is WebSocket. */
    public boolean upgradesToWebSocket() {
        return fields.lastContains(FieldName.UPGRADE, WEBSOCKET);
    }

    /** Returns true if a 101 response gives the answer to the key of a WebSocket (RFC 6455, section 4.2.2). */
    public boolean acceptsWebSocket(byte[] answer) {
        if (!upgradesToWebSocket() || fields.count(FieldName.SEC_WEBSOCKET_ACCEPT) != 1) {
            return false;
        }
        int line = fields.last(FieldName.SEC_WEBSOCKET_ACCEPT);
        return Arrays.equals(bytes, fields.valueStart(line), fields.valueEnd(line), answer, 0, answer.length);
    }

    /** Returns what kind of stream the body is by its media type, compressed or not. */
    public StreamKind streamKind() {
        if (fields.count(FieldName.CONTENT_TYPE) == 0) {
            return StreamKind.NONE;
        }
        int line = fields.last(FieldName.CONTENT_TYPE);
        return StreamKind.of(bytes, fields.valueStart(line), fields.valueEnd(line));
    }

    /** Returns true if the body has a content coding: events and lines cannot be told from each other in it. */
    public boolean isEncoded() {
        return fields.count(FieldName.CONTENT_ENCODING) > 0;
    }

    public boolean isHttp11() {
        return minor == 1;
    }

    /** Returns true if the target means to take more requests on this connection (RFC 9112, section 9.3). */
    public boolean isPersistent() {
        return !fields.close() && (minor == 1 || fields.keepAlive());
    }

    public boolean isChunked() {
        return fields.chunked();
    }

    /** Returns the Content-Length, or -1 if there is none. */
    public long contentLength() {
        return fields.contentLength();
    }

    /** Returns the seconds of {@code Keep-Alive: timeout=}, or -1 if the target announced none. */
    public int keepAliveSeconds() {
        if (fields.count(FieldName.KEEP_ALIVE) == 0) {
            return -1;
        }
        int line = fields.last(FieldName.KEEP_ALIVE);
        int end = fields.valueEnd(line);
        for (int at = fields.valueStart(line); at + TIMEOUT.length < end; at++) {
            if (Octets.equalsIgnoreCase(bytes, at, at + TIMEOUT.length, TIMEOUT)) {
                return seconds(at + TIMEOUT.length, end);
            }
        }
        return -1;
    }

    private int seconds(int from, int end) {
        int seconds = -1;
        for (int i = from; i < end && i < from + 6 && Octets.isDigit(bytes[i]); i++) {
            seconds = Math.max(0, seconds) * 10 + bytes[i] - '0';
        }
        return seconds;
    }

    /**
     * Returns true if the head may go to an HTTP/1.1 client as it stands: nothing in it ends at this hop, but for a
     * {@code Connection} that says no more than keep-alive.
     */
    public boolean isForwardable() {
        if (minor != 1 || !hasReasonSpace() || status < 200 || status == 204 || fields.count(FieldName.X_TURNOUT) > 0) {
            return false;
        }
        for (int line = 0; line < fields.size(); line++) {
            if (fields.isDropped(line) && !saysOnlyKeepAlive(line)) {
                return false;
            }
        }
        return true;
    }

    private boolean saysOnlyKeepAlive(int line) {
        return fields.name(line) == FieldName.CONNECTION
                && Octets.equalsIgnoreCase(bytes, fields.valueStart(line), fields.valueEnd(line), KEEP_ALIVE);
    }
}
