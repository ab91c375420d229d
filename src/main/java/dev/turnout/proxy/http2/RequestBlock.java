package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.RequestHead;

/**
 * Writes the header block that a target gets for an HTTP/1 head, as a rewriter has written it. The Upgrade of a
 * WebSocket becomes an extended CONNECT (RFC 8441). One per event loop. Not safe for use by more than one thread.
 */
final class RequestBlock {

    private static final byte[] CONNECT = "CONNECT".getBytes(ISO_8859_1);
    private static final byte[] PROTOCOL = ":protocol".getBytes(ISO_8859_1);
    private static final byte[] WEBSOCKET = "websocket".getBytes(ISO_8859_1);
    private static final byte[] KEY = "sec-websocket-key".getBytes(ISO_8859_1);
    private static final byte[] TE = "te".getBytes(ISO_8859_1);
    private static final byte[] TRAILERS = "trailers".getBytes(ISO_8859_1);

    private final HpackWriter hpack;

    RequestBlock(HpackWriter hpack) {
        this.hpack = hpack;
    }

    /** Returns true if a request can only go on as an extended CONNECT, which a target has to allow. */
    static boolean isTunnel(RequestHead head) {
        return head.isUpgrade() && head.fields().lastContains(FieldName.UPGRADE, WEBSOCKET);
    }

    /**
     * Writes a block behind what is there.
     *
     * @param head with a Host
     * @param secure whether the target is spoken to over TLS
     */
    void write(RequestHead head, boolean secure, HeadWriter out) {
        boolean isTunnel = isTunnel(head);
        method(head, isTunnel, out);
        HpackWriter.indexed(secure ? StaticTable.SCHEME_HTTPS : StaticTable.SCHEME_HTTP, out);
        HpackWriter.field(StaticTable.AUTHORITY, head.bytes(), head.hostStart(), head.hostEnd(), out);
        path(head, out);
        if (isTunnel) {
            hpack.field(PROTOCOL, 0, PROTOCOL.length, WEBSOCKET, 0, WEBSOCKET.length, out);
        }
        FieldLines fields = head.fields();
        byte[] bytes = head.bytes();
        for (int line = 0; line < fields.size(); line++) {
            int from = fields.lineStart(line);
            int to = fields.nameEnd(line);
            if (!isLeftOut(fields, line) && !(isTunnel && Octets.equalsIgnoreCase(bytes, from, to, KEY))) {
                hpack.field(bytes, from, to, bytes, fields.valueStart(line), fields.valueEnd(line), out);
            }
        }
        if (fields.lastContains(FieldName.TE, TRAILERS)) {
            hpack.field(TE, 0, TE.length, TRAILERS, 0, TRAILERS.length, out);
        }
    }

    private static void method(RequestHead head, boolean isTunnel, HeadWriter out) {
        if (isTunnel) {
            HpackWriter.field(StaticTable.METHOD_GET, CONNECT, 0, CONNECT.length, out);
        } else if (head.methodIs(KnownMethod.GET)) {
            HpackWriter.indexed(StaticTable.METHOD_GET, out);
        } else if (head.methodIs(KnownMethod.POST)) {
            HpackWriter.indexed(StaticTable.METHOD_POST, out);
        } else {
            HpackWriter.field(StaticTable.METHOD_GET, head.bytes(), head.start(), head.methodEnd(), out);
        }
    }

    private static void path(RequestHead head, HeadWriter out) {
        byte[] bytes = head.bytes();
        int from = head.pathStart();
        int to = head.targetEnd();
        if (to == from + 1 && bytes[from] == '/') {
            HpackWriter.indexed(StaticTable.PATH, out);
        } else {
            HpackWriter.field(StaticTable.PATH, bytes, from, to, out);
        }
    }

    private static boolean isLeftOut(FieldLines fields, int line) {
        return switch (fields.name(line)) {
            case HOST, TRANSFER_ENCODING -> true;
            default -> fields.isDropped(line);
        };
    }
}
