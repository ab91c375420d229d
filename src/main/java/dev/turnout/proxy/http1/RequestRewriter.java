package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
    private static final byte[] TE_TRAILERS = "TE: trailers\r\n".getBytes(ISO_8859_1);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(ISO_8859_1);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\n".getBytes(ISO_8859_1);
    private static final byte[] TRAILERS = "trailers".getBytes(ISO_8859_1);
    private static final byte[] FORWARDED_HOST = "\"\r\nX-Forwarded-Host: ".getBytes(ISO_8859_1);
    private static final byte[] REQUEST_ID = "\r\nX-Request-Id: ".getBytes(ISO_8859_1);
    private static final byte[] END = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);
    private static final byte[] QUOTE_CRLF = "\"\r\n".getBytes(ISO_8859_1);
    private static final byte[] COMMA = ", ".getBytes(ISO_8859_1);
    private static final byte[] COLON = ": ".getBytes(ISO_8859_1);

    private final byte[] requestId;

    /**
     * @param requestId where the caller writes the id for a request before each rewrite
     */
    public RequestRewriter(byte[] requestId) {
        this.requestId = requestId;
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
            RequestHead head, ClientFacts client, int stripped, byte[] extra, long unchunkedLength, HeadWriter out) {
        boolean unchunked = unchunkedLength != AS_FRAMED;
        out.clear();
        requestLine(head, stripped, out);
        fieldLines(head, client, unchunked, out);
        if (unchunked) {
            out.append(CONTENT_LENGTH).number(unchunkedLength).append(CRLF);
        }
        if (head.fields().lastContains(FieldName.TE, TRAILERS)) {
            out.append(TE_TRAILERS);
        }
        if (head.isUpgrade()) {
            out.append(UPGRADE);
        }
        out.append(extra);
        if (client.trusted()) {
            appendToTrusted(head, client, out);
        } else {
            out.append(client.untrustedLines());
            host(head, client, out);
            out.append(FORWARDED_HOST);
            host(head, client, out);
            out.append(REQUEST_ID).append(requestId).append(END);
        }
    }

    private static void requestLine(RequestHead head, int stripped, HeadWriter out) {
        byte[] bytes = head.bytes();
        out.append(bytes, head.start(), head.methodEnd() + 1);
        int path = head.pathStart() + stripped;
        if (path == head.targetEnd() && stripped == 0 && head.methodIs("OPTIONS")) {
            // RFC 9112, section 3.2.4: http://host of OPTIONS stands for the asterisk-form.
            out.append("*");
        } else if (path == head.targetEnd() || bytes[path] == '?') {
            out.append("/");
        }
        out.append(bytes, path, head.targetEnd()).append(VERSION);
    }

    private static void fieldLines(RequestHead head, ClientFacts client, boolean unchunked, HeadWriter out) {
        FieldLines fields = head.fields();
        boolean replacesHost = head.isAbsolute() || head.hostStart() < 0;
        if (replacesHost) {
            out.append(HOST);
            host(head, client, out);
            out.append(CRLF);
        }
        int runStart = fields.lineStart(0);
        for (int line = 0; line < fields.size(); line++) {
            if (isLeftOut(head, line, client, replacesHost, unchunked)) {
                out.append(head.bytes(), runStart, fields.lineStart(line));
                runStart = fields.lineStart(line + 1);
            }
        }
        out.append(head.bytes(), runStart, fields.lineStart(fields.size()));
    }

    private static boolean isLeftOut(
            RequestHead head, int line, ClientFacts client, boolean replacesHost, boolean unchunked) {
        FieldLines fields = head.fields();
        return switch (fields.name(line)) {
            case HOST -> replacesHost;
            case TRANSFER_ENCODING -> unchunked;
            case TRAILER -> unchunked || fields.isDropped(line);
            case UPGRADE -> !head.isUpgrade();
            case X_FORWARDED_FOR, FORWARDED, X_TURNOUT_FRONT, X_TURNOUT_SLOT -> true;
            case X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT, X_REQUEST_ID -> !client.trusted();
            default -> fields.isDropped(line);
        };
    }

    private void appendToTrusted(RequestHead head, ClientFacts client, HeadWriter out) {
        FieldLines fields = head.fields();
        list(head, FieldName.X_FORWARDED_FOR, out);
        out.append(client.address()).append(CRLF);
        list(head, FieldName.FORWARDED, out);
        out.append(client.forwardedFor());
        host(head, client, out);
        out.append(QUOTE_CRLF);
        if (fields.count(FieldName.X_FORWARDED_PROTO) == 0) {
            name(FieldName.X_FORWARDED_PROTO, out).append(client.scheme()).append(CRLF);
        }
        if (fields.count(FieldName.X_FORWARDED_PORT) == 0) {
            name(FieldName.X_FORWARDED_PORT, out).append(client.port()).append(CRLF);
        }
        if (fields.count(FieldName.X_FORWARDED_HOST) == 0) {
            name(FieldName.X_FORWARDED_HOST, out);
            host(head, client, out);
            out.append(CRLF);
        }
        if (fields.count(FieldName.X_REQUEST_ID) == 0) {
            name(FieldName.X_REQUEST_ID, out).append(requestId).append(CRLF);
        }
        out.append(CRLF);
    }

    /** Writes a name and all values of a list field so far, each with the comma behind it. */
    private static void list(RequestHead head, FieldName name, HeadWriter out) {
        FieldLines fields = head.fields();
        name(name, out);
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) == name && fields.valueEnd(line) > fields.valueStart(line)) {
                out.append(head.bytes(), fields.valueStart(line), fields.valueEnd(line))
                        .append(COMMA);
            }
        }
    }

    private static HeadWriter name(FieldName name, HeadWriter out) {
        return out.append(name.toString()).append(COLON);
    }

    private static void host(RequestHead head, ClientFacts client, HeadWriter out) {
        if (head.hostStart() < 0) {
            out.append(client.fallbackHost());
        } else {
            out.append(head.bytes(), head.hostStart(), head.hostEnd());
        }
    }
}
