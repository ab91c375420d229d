package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Writes the head that a target gets: the client's lines in their order, less those that end at this hop, plus what is
 * known of the client. The Host is the client's, so the head does not depend on the target and can be sent to another.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class RequestRewriter {

    /** The body goes to the target in the client's framing. */
    public static final long AS_FRAMED = -1;

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(ISO_8859_1);
    private static final byte[] HOST = "Host: ".getBytes(ISO_8859_1);
    private static final byte[] TE_TRAILERS = "TE: trailers\r\nConnection: TE\r\n".getBytes(ISO_8859_1);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(ISO_8859_1);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\n".getBytes(ISO_8859_1);
    private static final byte[] TRAILERS = "trailers".getBytes(ISO_8859_1);
    private static final byte[] PREFIX = "X-Forwarded-Prefix: ".getBytes(ISO_8859_1);
    private static final byte[] FORWARDED_HOST = "\"\r\nX-Forwarded-Host: ".getBytes(ISO_8859_1);
    private static final byte[] FORWARDED_PORT = "\r\nX-Forwarded-Port: ".getBytes(ISO_8859_1);
    private static final byte[] REQUEST_ID = "X-Request-Id: ".getBytes(ISO_8859_1);
    private static final byte[] SLASH = "/".getBytes(ISO_8859_1);
    private static final byte[] ASTERISK = "*".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);

    private final byte[] requestId;
    private final ForgedFields forged;
    private final @Nullable TraceLine trace;
    private final ForwardedClient forwarded = new ForwardedClient();
    private final Span host = new Span();
    private final Span scheme = new Span();
    private final Span port = new Span();

    /**
     * @param requestId where the caller writes the id for a request before each rewrite
     * @param forged what a target must not get of a client
     * @param trace where the caller writes the trace of a request before each rewrite; null if requests are not traced
     */
    public RequestRewriter(byte[] requestId, ForgedFields forged, @Nullable TraceLine trace) {
        this.requestId = requestId;
        this.forged = forged;
        this.trace = trace;
    }

    /**
     * Writes a head.
     *
     * @param stripped how many bytes of the path's beginning are left out; what is left begins a segment or nothing
     * @param extra whole lines that go with it, each with its CRLF; may be empty
     * @param unchunkedLength the length in bytes that is announced in place of a chunked coding and its trailer; or
     *     {@link #AS_FRAMED}
     */
    public void rewrite(
            RequestHead head, ClientInfo client, int stripped, byte[] extra, long unchunkedLength, HeadWriter out) {
        boolean unchunked = unchunkedLength != AS_FRAMED;
        out.clear();
        requestLine(head, stripped, out);
        fieldLines(head, client, stripped > 0, unchunked, out);
        if (unchunked) {
            out.append(CONTENT_LENGTH).number(unchunkedLength).append(CRLF);
        }
        if (head.isUpgrade()) {
            out.append(UPGRADE);
        } else if (head.fields().lastContains(FieldName.TE, TRAILERS)) {
            // RFC 9110, section 10.1.4: without the option a recipient may pass TE on to where it does not hold.
            out.append(TE_TRAILERS);
        }
        if (stripped > 0) {
            prefix(head, client, stripped, out);
        }
        out.append(extra);
        byte[] certificateLine = client.certificateLine();
        if (certificateLine != null) {
            out.append(certificateLine);
        }
        if (client.trusted()) {
            forwarded.read(head, client);
            forwarded.write(head, client, out);
        } else {
            untrusted(client, out);
        }
        if (!client.trusted() || head.fields().count(FieldName.X_REQUEST_ID) == 0) {
            out.append(REQUEST_ID).append(requestId).append(CRLF);
        }
        if (trace != null) {
            // The last line: its place is known from the end of the head.
            out.append(trace.line());
        }
        out.append(CRLF);
    }

    private static void requestLine(RequestHead head, int stripped, HeadWriter out) {
        byte[] bytes = head.bytes();
        out.append(bytes, head.start(), head.methodEnd() + 1);
        int path = head.pathStart() + stripped;
        if (path == head.targetEnd() && stripped == 0 && head.methodIs(KnownMethod.OPTIONS)) {
            // RFC 9112, section 3.2.4: http://host of OPTIONS stands for the asterisk-form.
            out.append(ASTERISK);
        } else if (path == head.targetEnd() || bytes[path] == '?') {
            out.append(SLASH);
        } else if (stripped > 0) {
            out.append(SLASH);
            path = afterSlashes(head, path);
        }
        out.append(bytes, path, head.targetEnd()).append(VERSION);
    }

    /** To many a reader {@code //host} names a host (RFC 3986, section 4.2), and so does a backslash to browsers. */
    private static int afterSlashes(RequestHead head, int from) {
        int at = from;
        while (at < head.targetEnd() && (head.bytes()[at] == '/' || head.bytes()[at] == '\\')) {
            at++;
        }
        return at;
    }

    private void fieldLines(RequestHead head, ClientInfo client, boolean prefixed, boolean unchunked, HeadWriter out) {
        FieldLines fields = head.fields();
        boolean replacesHost = head.isAbsolute() || head.hostStart() < 0;
        findHost(head, client);
        if (replacesHost) {
            out.append(HOST).append(host).append(CRLF);
        }
        int runStart = fields.lineStart(0);
        for (int line = 0; line < fields.size(); line++) {
            if (isLeftOut(head, line, client, replacesHost, prefixed, unchunked)) {
                out.append(head.bytes(), runStart, fields.lineStart(line));
                runStart = fields.lineStart(line + 1);
            }
        }
        out.append(head.bytes(), runStart, fields.lineStart(fields.size()));
    }

    private boolean isLeftOut(
            RequestHead head, int line, ClientInfo client, boolean replacesHost, boolean prefixed, boolean unchunked) {
        FieldLines fields = head.fields();
        return switch (fields.name(line)) {
            case HOST -> replacesHost;
            case CONTENT_LENGTH -> false;
            case TRANSFER_ENCODING -> unchunked;
            case UPGRADE -> !head.isUpgrade();
            case X_FORWARDED_FOR, FORWARDED, X_TURNOUT, X_TURNOUT_FRONT, X_TURNOUT_SLOT, X_TURNOUT_REHEARSAL -> true;
            case X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT ->
                !client.trusted() || fields.valueStart(line) == fields.valueEnd(line);
            case X_REQUEST_ID -> !client.trusted();
            // RFC 9440, section 4: a target believes these fields.
            case CLIENT_CERT, CLIENT_CERT_CHAIN -> !client.trusted() || client.certificateLine() != null;
            case TRACEPARENT -> trace != null || isForgedOrDropped(fields, line, client);
            // Section 3.3: what belongs to another trace ends with it.
            case TRACESTATE -> trace != null && !trace.isContinued() || isForgedOrDropped(fields, line, client);
            case X_FORWARDED_PREFIX -> prefixed || isForgedOrDropped(fields, line, client);
            case TRAILER -> unchunked || isForgedOrDropped(fields, line, client);
            // An HTTP/1.0 client would not know what to do with 100 (RFC 9110, section 10.1.1).
            case EXPECT -> !head.isHttp11() || isForgedOrDropped(fields, line, client);
            default -> isForgedOrDropped(fields, line, client);
        };
    }

    private boolean isForgedOrDropped(FieldLines fields, int line, ClientInfo client) {
        return fields.isDropped(line) || forged.isForged(fields, line, client.trusted());
    }

    /** Writes where the target's paths begin for the client: a trusted proxy's own prefixes, then the one left out. */
    private static void prefix(RequestHead head, ClientInfo client, int stripped, HeadWriter out) {
        FieldLines fields = head.fields();
        out.append(PREFIX);
        if (client.trusted()) {
            for (int line = 0; line < fields.size(); line++) {
                if (fields.name(line) == FieldName.X_FORWARDED_PREFIX) {
                    prefixes(head.bytes(), fields.valueStart(line), fields.valueEnd(line), out);
                }
            }
        }
        out.append(head.bytes(), head.pathStart(), head.pathStart() + stripped).append(CRLF);
    }

    /** Writes the items of a list behind each other, without the blanks and slashes that end them. */
    private static void prefixes(byte[] bytes, int from, int to, HeadWriter out) {
        int start = from;
        while (start < to) {
            int comma = start;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            int end = comma;
            while (start < end && Octets.isBlank(bytes[start])) {
                start++;
            }
            while (end > start && (Octets.isBlank(bytes[end - 1]) || bytes[end - 1] == '/')) {
                end--;
            }
            out.append(bytes, start, end);
            start = comma + 1;
        }
    }

    private void untrusted(ClientInfo client, HeadWriter out) {
        scheme.set(client.scheme());
        Authority.portOf(host, scheme, port);
        out.append(client.untrustedLines()).append(host);
        out.append(FORWARDED_HOST).append(host);
        out.append(FORWARDED_PORT).append(port).append(CRLF);
    }

    private void findHost(RequestHead head, ClientInfo client) {
        if (head.hostStart() < 0) {
            host.set(client.fallbackHost());
        } else {
            host.set(head.bytes(), head.hostStart(), head.hostEnd());
        }
    }
}
