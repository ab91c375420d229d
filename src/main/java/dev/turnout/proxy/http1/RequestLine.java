package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The request line of a head, scanned strictly (RFC 9112, section 3): where the method, the target and its parts stand.
 * Reused from head to head. Not safe for use by more than one thread.
 */
final class RequestLine {

    private static final byte[] CONNECT = "connect".getBytes(US_ASCII);
    private static final byte[] HTTP = "http://".getBytes(US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(US_ASCII);
    private static final byte[] HTTP_1_1 = "HTTP/1.1".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/".getBytes(US_ASCII);
    private static final int VERSION_LENGTH = HTTP_1_1.length;

    private Rejection rejection = Rejection.BAD_REQUEST_LINE;
    private byte[] bytes = new byte[0];
    private int start;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int pathStart;
    private int hostStart;
    private int hostEnd;
    private int minor = -1;

    /** Forgets the line before. */
    void clear() {
        minor = -1;
    }

    /**
     * Scans a line.
     *
     * @return the offset behind its CRLF, or a code of {@link Scan}
     */
    int scan(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        int at = Octets.endOfToken(source, from, to);
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
        boolean isHttp11 = Octets.beginWithEight(source, from, to, HTTP_1_1);
        for (int i = isHttp11 ? VERSION_LENGTH : 0; i < VERSION_LENGTH + 2; i++) {
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
            return targetEnd == targetStart + 1 && methodIs(KnownMethod.OPTIONS.octets());
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
        return Authority.isHost(source, hostStart, hostEnd);
    }

    private int scheme(byte[] source) {
        int http = targetStart + HTTP.length;
        if (http <= targetEnd && Octets.equalsIgnoreCase(source, targetStart, http, HTTP)) {
            return HTTP.length;
        }
        int https = targetStart + HTTPS.length;
        return https <= targetEnd && Octets.equalsIgnoreCase(source, targetStart, https, HTTPS) ? HTTPS.length : 0;
    }

    private int reject(Rejection why) {
        rejection = why;
        return Scan.REJECTED;
    }

    /** Returns why the last scan was rejected. */
    Rejection rejection() {
        return rejection;
    }

    /** Returns true if the method is this one. Methods are case-sensitive (RFC 9110, section 9.1). */
    boolean methodIs(byte[] method) {
        return Octets.are(bytes, start, methodEnd, method);
    }

    /** Returns true if the path is a given one, whatever its query is. */
    boolean pathIs(String path) {
        int end = pathStart + path.length();
        return begins(path) && (end == targetEnd || bytes[end] == '?');
    }

    /** Returns true if the path is a given one, or lies below it. */
    boolean pathIsWithin(String prefix) {
        int end = pathStart + prefix.length();
        return begins(prefix) && (end == targetEnd || bytes[end] == '/' || bytes[end] == '?');
    }

    private boolean begins(String prefix) {
        int end = pathStart + prefix.length();
        if (end > targetEnd) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (bytes[pathStart + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    int start() {
        return start;
    }

    int methodEnd() {
        return methodEnd;
    }

    int targetStart() {
        return targetStart;
    }

    /** Returns where the request target ends, its query included. */
    int targetEnd() {
        return targetEnd;
    }

    /** Returns where the path begins; for {@code http://host} and {@code http://host?query} there is none to begin. */
    int pathStart() {
        return pathStart;
    }

    /** Returns where the host of the target begins; -1 if the target names none. */
    int hostStart() {
        return hostStart;
    }

    /** Returns where the host of the target ends, its port included. */
    int hostEnd() {
        return hostEnd;
    }

    /** Returns the minor version, 0 or 1; -1 before a whole line has been scanned. */
    int minor() {
        return minor;
    }
}
