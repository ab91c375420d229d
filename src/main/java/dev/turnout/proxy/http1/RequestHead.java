package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request, scanned strictly (RFC 9112, sections 2 to 6).
 *
 * <p>Offsets are into the array that was scanned; the object is reused from head to head, and its facts hold until the
 * next scan. Not safe for use by more than one thread.
 */
public final class RequestHead {

    private static final byte[] CONTINUE = "100-continue".getBytes(US_ASCII);
    /** What its names begin with: h2c, and h2c-14 of a draft. */
    private static final byte[] HTTP_2 = "h2".getBytes(US_ASCII);

    private final RequestLine line = new RequestLine();
    private final FieldLines fields = new FieldLines();
    private final int limit;
    private Rejection rejection = Rejection.BAD_REQUEST_LINE;
    private byte[] bytes = new byte[0];
    private int hostStart;
    private int hostEnd;

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
        line.clear();
        boolean cut = to - from > limit;
        int end = cut ? from + limit : to;
        int result = scanWithin(source, from, end);
        if (result == Scan.INCOMPLETE && (cut || to - from == limit)) {
            return reject(line.minor() < 0 ? Rejection.TARGET_TOO_LONG : Rejection.HEAD_TOO_LARGE);
        }
        return result;
    }

    private int scanWithin(byte[] source, int from, int to) {
        int at = skipEmptyLines(source, from, to);
        if (at < 0) {
            return at;
        }
        at = line.scan(source, at, to);
        if (at == Scan.REJECTED) {
            return reject(line.rejection());
        }
        if (at < 0) {
            return at;
        }
        hostStart = line.hostStart();
        hostEnd = line.hostEnd();
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

    private boolean hasOneHost() {
        int hosts = fields.count(FieldName.HOST);
        if (hosts > 1) {
            reject(Rejection.REPEATED_HOST);
            return false;
        }
        if (hosts == 0) {
            if (line.minor() == 1) {
                reject(Rejection.MISSING_HOST);
                return false;
            }
            return true;
        }
        int host = fields.last(FieldName.HOST);
        if (!Authority.isHost(bytes, fields.valueStart(host), fields.valueEnd(host))) {
            reject(Rejection.BAD_HOST);
            return false;
        }
        if (hostStart < 0) {
            hostStart = fields.valueStart(host);
            hostEnd = fields.valueEnd(host);
        }
        return true;
    }

    /** RFC 9112, section 6.1: a coding in HTTP/1.0, or a coding and a length, is a broken or an evil message. */
    private boolean hasOneFraming() {
        if (fields.chunked() && fields.contentLength() >= 0) {
            reject(Rejection.TWO_FRAMINGS);
            return false;
        }
        if (fields.chunked() && line.minor() == 0) {
            reject(Rejection.BAD_TRANSFER_ENCODING);
            return false;
        }
        return true;
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

    /** Returns the array that was scanned. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns where the method begins. */
    public int start() {
        return line.start();
    }

    /** Returns where the method ends. */
    public int methodEnd() {
        return line.methodEnd();
    }

    /** Returns where the request target ends, its query included. */
    public int targetEnd() {
        return line.targetEnd();
    }

    /** Returns where the path begins; for {@code http://host} and {@code http://host?query} there is none to begin. */
    public int pathStart() {
        return line.pathStart();
    }

    /** Returns where the host begins, of the target if it names one, else of the field; -1 if there is none (HTTP/1.0). */
    public int hostStart() {
        return hostStart;
    }

    /** Returns where the host ends, its port included. */
    public int hostEnd() {
        return hostEnd;
    }

    /** Returns where the name of the host ends, before a port. To be called only if there is a host. */
    public int hostNameEnd() {
        int at = hostEnd;
        while (at > hostStart && Octets.isDigit(bytes[at - 1])) {
            at--;
        }
        return at > hostStart && bytes[at - 1] == ':' ? at - 1 : hostEnd;
    }

    /** Returns true if the target is in absolute-form: its host then stands for the field's. */
    boolean isAbsolute() {
        return line.pathStart() != line.targetStart();
    }

    /** Returns the method, as sent. */
    public String method() {
        return new String(bytes, line.start(), line.methodEnd() - line.start(), US_ASCII);
    }

    /** Returns the method, if it is one of those that are told apart. */
    public KnownMethod knownMethod() {
        return KnownMethod.of(bytes, line.start(), line.methodEnd());
    }

    /** Returns true if the method is this one. */
    public boolean methodIs(KnownMethod method) {
        return line.methodIs(method.octets());
    }

    /** Returns true if the method is this one, in upper case. */
    boolean methodIs(byte[] method) {
        return line.methodIs(method);
    }

    /** Returns true if the method is idempotent: sent twice, it does what it does once (RFC 9110, section 9.2.2). */
    public boolean isIdempotent() {
        return IdempotentMethods.contains(bytes, line.start(), line.methodEnd());
    }

    /**
     * Returns true if the content is part of what the method means, so that servers read it (RFC 9110, section 9.3). A
     * server that ignores the content of another method may take it for its next request.
     */
    public boolean contentIsRead() {
        return methodIs(KnownMethod.POST) || methodIs(KnownMethod.PUT) || methodIs(KnownMethod.PATCH);
    }

    /** Returns true if the path is one of those that a pattern stands for. */
    public boolean pathMatches(PathPattern pattern) {
        return pattern.matches(bytes, line.pathStart(), line.targetEnd());
    }

    /** Returns true if the path is a given one, whatever its query is. */
    public boolean pathIs(String path) {
        return line.pathIs(path);
    }

    /** Returns true if the path is a given one, or lies below it. */
    public boolean pathIsWithin(String prefix) {
        return line.pathIsWithin(prefix);
    }

    /** Returns true if the client speaks HTTP/1.1 and not HTTP/1.0. */
    public boolean isHttp11() {
        return line.minor() == 1;
    }

    /** Returns true if the client means to send more requests on this connection (RFC 9112, section 9.3). */
    public boolean isPersistent() {
        return !fields.close() && (line.minor() == 1 || fields.keepAlive());
    }

    /** Returns true if the client waits for 100 (Continue) before it sends the body. */
    public boolean expectsContinue() {
        return line.minor() == 1 && fields.lastContains(FieldName.EXPECT, CONTINUE);
    }

    /**
     * Returns true if the client asks for another protocol on this connection (RFC 9110, section 7.8). One for HTTP/2 is not
     * asked for: a target that went along would be reached by requests that nobody has scanned.
     */
    public boolean isUpgrade() {
        return line.minor() == 1
                && fields.upgrade()
                && fields.count(FieldName.UPGRADE) == 1
                && !fields.lastContainsBeginning(FieldName.UPGRADE, HTTP_2);
    }

    /** Returns what {@code X-Turnout-Slot} says; null unless it stands there once. */
    public @Nullable String slotWish() {
        if (fields.count(FieldName.X_TURNOUT_SLOT) != 1) {
            return null;
        }
        int slot = fields.last(FieldName.X_TURNOUT_SLOT);
        return new String(bytes, fields.valueStart(slot), fields.valueEnd(slot) - fields.valueStart(slot), ISO_8859_1);
    }

    /** Returns true if Accept holds a word, given in lower case. */
    public boolean accepts(byte[] lowerCase) {
        return fields.lastContains(FieldName.ACCEPT, lowerCase);
    }

    /** Returns the value of the last line of a field; empty if there is none. It allocates. */
    public String field(FieldName name) {
        if (fields.count(name) == 0) {
            return "";
        }
        int line = fields.last(name);
        return new String(bytes, fields.valueStart(line), fields.valueEnd(line) - fields.valueStart(line), ISO_8859_1);
    }

    /** Returns true if the request is a call of gRPC. */
    public boolean isCall() {
        if (fields.count(FieldName.CONTENT_TYPE) != 1) {
            return false;
        }
        int type = fields.last(FieldName.CONTENT_TYPE);
        return StreamKind.isCall(bytes, fields.valueStart(type), fields.valueEnd(type));
    }

    /** Returns true if chunks frame the body. */
    public boolean isChunked() {
        return fields.chunked();
    }

    /** Returns the length of the body in bytes, 0 if there is none; without meaning for a chunked one. */
    public long contentLength() {
        return Math.max(0, fields.contentLength());
    }
}
