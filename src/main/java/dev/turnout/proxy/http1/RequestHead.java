package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The head of a request, scanned strictly (RFC 9112, sections 2 to 6).
 *
 * <p>Offsets are into the array that was scanned; the object is reused from head to head, and its facts hold until the
 * next scan. Not safe for use by more than one thread.
 */
public final class RequestHead {

    private static final byte[] CONNECT = "connect".getBytes(US_ASCII);
    private static final byte[] HTTP = "http://".getBytes(US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/".getBytes(US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(US_ASCII);
    /** What its names begin with: h2c, and h2c-14 of a draft. */
    private static final byte[] HTTP_2 = "h2".getBytes(US_ASCII);

    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    private final FieldLines fields = new FieldLines();
    private final int limit;
    private Rejection rejection = Rejection.BAD_REQUEST_LINE;
    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int pathStart;
    private int hostStart;
    private int hostEnd;
    private int minor;

    /**
     * @param limit the largest head that is taken, in bytes
     */
    public RequestHead(int limit) {
        this.limit = limit;
    }

    /**
     * Scans a head, empty lines before it included.
     *
     * @return the offset behind the head, or a code of {@link Scan}
     */
    public int scan(byte[] source, int from, int to) {
        bytes = source;
        minor = -1;
        boolean cut = to - from > limit;
        int end = cut ? from + limit : to;
        int result = scanWithin(source, from, end);
        if (result == Scan.INCOMPLETE && (cut || to - from == limit)) {
            return reject(minor < 0 ? Rejection.TARGET_TOO_LONG : Rejection.HEAD_TOO_LARGE);
        }
        return result;
    }

    private int scanWithin(byte[] source, int from, int to) {
        int at = skipEmptyLines(source, from, to);
        if (at < 0) {
            return at;
        }
        start = at;
        at = requestLine(source, at, to);
        if (at < 0) {
            return at;
        }
        int end = fields.scan(source, at, to);
        if (end == Scan.REJECTED) {
            return reject(fields.rejection());
        }
        return end < 0 || hasOneHost() && hasOneFraming() ? end : Scan.REJECTED;
    }

    /** RFC 9112, section 2.2: a server ignores empty lines before a request line. */
    private int skipEmptyLines(byte[] source, int from, int to) {
        int at = from;
        while (at < to && source[at] == '\r') {
            if (at + 1 == to) {
                return Scan.INCOMPLETE;
            }
            if (source[at + 1] != '\n') {
                return reject(Rejection.BARE_CR);
            }
            at += 2;
        }
        return at < to ? at : Scan.INCOMPLETE;
    }

    private int requestLine(byte[] source, int from, int to) {
        int at = from;
        while (at < to && Octets.isToken(source[at])) {
            at++;
        }
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        if (at == from || source[at] != ' ' || Octets.equalsIgnoreCase(source, from, at, CONNECT)) {
            return reject(source[at] == '\n' ? Rejection.BARE_LF : Rejection.BAD_METHOD);
        }
        methodEnd = at++;
        targetStart = at;
        while (at < to && Octets.isTarget(source[at])) {
            at++;
        }
        if (at == to) {
            return Scan.INCOMPLETE;
        }
        if (at == targetStart || source[at] != ' ') {
            return reject(badTarget(source[at], at == targetStart));
        }
        targetEnd = at++;
        return version(source, at, to);
    }

    private static Rejection badTarget(byte b, boolean empty) {
        if (b == '\n') {
            return Rejection.BARE_LF;
        }
        return b == '\r' && !empty ? Rejection.BAD_REQUEST_LINE : Rejection.BAD_TARGET;
    }

    private int version(byte[] source, int from, int to) {
        for (int i = 0; i < VERSION_LENGTH + 2; i++) {
            if (from + i == to) {
                return Scan.INCOMPLETE;
            }
            if (!isVersionByte(source[from + i], i)) {
                return reject(
                        source[from + i] == '\n' && i == VERSION_LENGTH
                                ? Rejection.BARE_LF
                                : Rejection.BAD_REQUEST_LINE);
            }
        }
        byte major = source[from + VERSION_LENGTH - 3];
        byte number = source[from + VERSION_LENGTH - 1];
        if (major != '1' || number > '1') {
            return reject(Rejection.UNKNOWN_VERSION);
        }
        if (!readTarget(source)) {
            return reject(Rejection.BAD_TARGET);
        }
        minor = number - '0';
        return from + VERSION_LENGTH + 2;
    }

    private static boolean isVersionByte(byte b, int index) {
        return switch (index) {
            case 0, 1, 2, 3, 4 -> b == VERSION[index];
            case 6 -> b == '.';
            case 8 -> b == '\r';
            case 9 -> b == '\n';
            default -> Octets.isDigit(b);
        };
    }

    /** RFC 9112, section 3.2: origin-form, absolute-form, or asterisk-form of OPTIONS. */
    private boolean readTarget(byte[] source) {
        pathStart = targetStart;
        hostStart = -1;
        byte first = source[targetStart];
        if (first == '/') {
            return true;
        }
        if (first == '*') {
            return targetEnd == targetStart + 1 && methodIs("OPTIONS");
        }
        int authority = targetStart + scheme(source);
        if (authority == targetStart) {
            return false;
        }
        int at = authority;
        while (at < targetEnd && source[at] != '/' && source[at] != '?') {
            at++;
        }
        hostStart = authority;
        hostEnd = at;
        pathStart = at;
        return isHost(source, hostStart, hostEnd);
    }

    private int scheme(byte[] source) {
        int http = targetStart + HTTP.length;
        if (http <= targetEnd && Octets.equalsIgnoreCase(source, targetStart, http, HTTP)) {
            return HTTP.length;
        }
        int https = targetStart + HTTPS.length;
        return https <= targetEnd && Octets.equalsIgnoreCase(source, targetStart, https, HTTPS) ? HTTPS.length : 0;
    }

    private boolean hasOneHost() {
        int hosts = fields.count(FieldName.HOST);
        if (hosts > 1) {
            reject(Rejection.REPEATED_HOST);
            return false;
        }
        if (hosts == 0) {
            if (minor == 1) {
                reject(Rejection.MISSING_HOST);
                return false;
            }
            return true;
        }
        int line = fields.last(FieldName.HOST);
        if (!isHost(bytes, fields.valueStart(line), fields.valueEnd(line))) {
            reject(Rejection.BAD_HOST);
            return false;
        }
        if (hostStart < 0) {
            hostStart = fields.valueStart(line);
            hostEnd = fields.valueEnd(line);
        }
        return true;
    }

    /** RFC 9112, section 6.1: a coding in HTTP/1.0, or a coding and a length, is a broken or an evil message. */
    private boolean hasOneFraming() {
        if (fields.chunked() && fields.contentLength() >= 0) {
            reject(Rejection.TWO_FRAMINGS);
            return false;
        }
        if (fields.chunked() && minor == 0) {
            reject(Rejection.BAD_TRANSFER_ENCODING);
            return false;
        }
        return true;
    }

    /** {@code uri-host [ ":" port ]} of RFC 9110, section 7.2, not empty. */
    static boolean isHost(byte[] source, int from, int to) {
        int at = from;
        if (at < to && source[at] == '[') {
            at++;
            while (at < to && (Octets.hex(source[at]) >= 0 || source[at] == ':' || source[at] == '.')) {
                at++;
            }
            if (at == to || source[at] != ']' || at == from + 1) {
                return false;
            }
            at++;
        } else {
            while (at < to && Octets.isHost(source[at])) {
                at++;
            }
        }
        if (at == from) {
            return false;
        }
        if (at < to && source[at] == ':') {
            at++;
            while (at < to && Octets.isDigit(source[at])) {
                at++;
            }
        }
        return at == to;
    }

    private int reject(Rejection why) {
        rejection = why;
        return Scan.REJECTED;
    }

    /** Why the last scan was rejected. */
    public Rejection rejection() {
        return rejection;
    }

    FieldLines fields() {
        return fields;
    }

    /** The array that was scanned. */
    public byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int methodEnd() {
        return methodEnd;
    }

    /** Where the request target ends, its query included. */
    public int targetEnd() {
        return targetEnd;
    }

    /** Where the path begins; for {@code http://host} and {@code http://host?query} there is none to begin. */
    public int pathStart() {
        return pathStart;
    }

    /** Where the host begins, of the target if it names one, else of the field; -1 if there is none (HTTP/1.0). */
    public int hostStart() {
        return hostStart;
    }

    /** Where the host ends, its port included. */
    public int hostEnd() {
        return hostEnd;
    }

    /** Whether the target is in absolute-form: its host then stands for the field's. */
    boolean isAbsolute() {
        return pathStart != targetStart;
    }

    /** The method, as sent. */
    public String method() {
        return new String(bytes, start, methodEnd - start, US_ASCII);
    }

    /** Whether the method is this one, in upper case. */
    public boolean methodIs(String method) {
        if (methodEnd - start != method.length()) {
            return false;
        }
        for (int i = 0; i < method.length(); i++) {
            if (bytes[start + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns true if the method is idempotent: sent twice, it does what it does once (RFC 9110, section 9.2.2). */
    public boolean isIdempotent() {
        return IdempotentMethods.contains(bytes, start, methodEnd);
    }

    /**
     * Returns true if the content is part of what the method means, so that servers read it (RFC 9110, section 9.3). A
     * server that ignores the content of another method may take it for its next request.
     */
    public boolean contentIsRead() {
        return methodIs("POST") || methodIs("PUT") || methodIs("PATCH");
    }

    /** Returns true if the path is one of those that a pattern stands for. */
    public boolean pathMatches(PathPattern pattern) {
        return pattern.matches(bytes, pathStart, targetEnd);
    }

    /** Whether the path is a given one, or lies below it. */
    public boolean pathIsWithin(String prefix) {
        int end = pathStart + prefix.length();
        if (end > targetEnd) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (bytes[pathStart + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return end == targetEnd || bytes[end] == '/' || bytes[end] == '?';
    }

    /** Whether the client speaks HTTP/1.1 and not HTTP/1.0. */
    public boolean isHttp11() {
        return minor == 1;
    }

    /** Whether the client means to send more requests on this connection (RFC 9112, section 9.3). */
    public boolean isPersistent() {
        return !fields.close() && (minor == 1 || fields.keepAlive());
    }

    /** Whether the client waits for 100 (Continue) before it sends the body. */
    public boolean expectsContinue() {
        return minor == 1 && fields.lastContains(FieldName.EXPECT, CONTINUE);
    }

    /**
     * Whether the client asks for another protocol on this connection (RFC 9110, section 7.8). One for HTTP/2 is not
     * asked for: a target that went along would be reached by requests that nobody has scanned.
     */
    public boolean isUpgrade() {
        return minor == 1
                && fields.upgrade()
                && fields.count(FieldName.UPGRADE) == 1
                && !fields.lastContainsBeginning(FieldName.UPGRADE, HTTP_2);
    }

    /** What {@code X-Turnout-Slot} says; null unless it stands there once. */
    public String slotWish() {
        if (fields.count(FieldName.X_TURNOUT_SLOT) != 1) {
            return null;
        }
        int line = fields.last(FieldName.X_TURNOUT_SLOT);
        return new String(bytes, fields.valueStart(line), fields.valueEnd(line) - fields.valueStart(line), ISO_8859_1);
    }

    /** Whether Accept holds a word, given in lower case. */
    public boolean accepts(String word) {
        return fields.lastContains(FieldName.ACCEPT, word.getBytes(ISO_8859_1));
    }

    /** How the body is framed. */
    public boolean isChunked() {
        return fields.chunked();
    }

    /** The length of the body in bytes, 0 if there is none; without meaning for a chunked one. */
    public long contentLength() {
        return Math.max(0, fields.contentLength());
    }
}
