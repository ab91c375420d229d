package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Writes the head that a client gets where the target's cannot go as it stands. */
public final class ResponseRewriter {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(ISO_8859_1);
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(ISO_8859_1);
    private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(ISO_8859_1);
    private static final byte[] UPGRADE = "Connection: Upgrade\r\n".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);

    private ResponseRewriter() {}

    /** What the client is told of its connection. */
    public enum Persistence {
        /** Nothing: it persists, as HTTP/1.1 does by default. */
        IMPLIED,
        /** It persists, which an HTTP/1.0 client has to be told. */
        KEEP_ALIVE,
        CLOSE,
        /** It goes on in another protocol (RFC 9110, section 15.2.2). */
        UPGRADE
    }

    /**
     * Writes a head.
     *
     * @param toHttp10 whether the client speaks HTTP/1.0: it knows no transfer codings and no trailers
     * @param dateLine the Date field line for a final response that has none (RFC 9110, section 6.6.1), with its CRLF
     * @param extra whole lines that go with it, each with its CRLF; may be empty
     */
    public static void rewrite(
            ResponseHead head,
            Persistence persistence,
            boolean toHttp10,
            byte[] dateLine,
            byte[] extra,
            HeadWriter out) {
        FieldLines fields = head.fields();
        byte[] bytes = head.bytes();
        out.clear().append(VERSION);
        int code = head.start() + VERSION.length;
        out.append(bytes, code, code + 3).append(" ").append(bytes, head.reasonStart(), head.lineEnd());
        out.append(CRLF);
        boolean unframed = head.isInterim() || head.status() == 204;
        boolean keepsUpgrade = persistence == Persistence.UPGRADE || head.requiresUpgrade();
        int runStart = fields.lineStart(0);
        for (int line = 0; line < fields.size(); line++) {
            boolean isKeptUpgrade = keepsUpgrade && fields.name(line) == FieldName.UPGRADE;
            if (!isKeptUpgrade && isLeftOut(fields, line, toHttp10, unframed)) {
                out.append(bytes, runStart, fields.lineStart(line));
                runStart = fields.lineStart(line + 1);
            }
        }
        out.append(bytes, runStart, fields.lineStart(fields.size()));
        switch (persistence) {
            case IMPLIED -> {}
            case KEEP_ALIVE -> out.append(KEEP_ALIVE);
            case CLOSE -> out.append(CLOSE);
            case UPGRADE -> out.append(UPGRADE);
        }
        if (head.requiresUpgrade() && persistence != Persistence.UPGRADE) {
            out.append(UPGRADE);
        }
        if (!head.isInterim() && !head.hasDate()) {
            out.append(dateLine);
        }
        out.append(extra).append(CRLF);
    }

    /** RFC 9112, section 6.1 and RFC 9110, section 8.6: 1xx and 204 carry no framing fields. */
    private static boolean isLeftOut(FieldLines fields, int line, boolean toHttp10, boolean unframed) {
        return switch (fields.name(line)) {
            case TRANSFER_ENCODING -> toHttp10 || unframed;
            case TRAILER -> toHttp10 || fields.isDropped(line);
            case CONTENT_LENGTH -> unframed;
            // An answer of a target's must not look like one of Turnout's own.
            case X_TURNOUT -> true;
            default -> fields.isDropped(line);
        };
    }
}
