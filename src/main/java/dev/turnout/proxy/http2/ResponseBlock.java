package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.ResponseHead;

/**
 * Writes the header block that a client gets for a target's HTTP/1 head: less what ends at this hop, names in lower
 * case (RFC 9113, section 8.2). One per event loop. Not safe for use by more than one thread.
 */
final class ResponseBlock {

    private static final int[] STATUS_INDEXES = statusIndexes();

    private final HpackWriter hpack;
    private final HeadWriter dateBlock = new HeadWriter();
    private byte[] dateLine = {};

    ResponseBlock(HpackWriter hpack) {
        this.hpack = hpack;
    }

    private static int[] statusIndexes() {
        int[] indexes = new int[600];
        for (int index = StaticTable.STATUS; index <= StaticTable.LAST_STATUS; index++) {
            int from = StaticTable.valueStart(index);
            indexes[Integer.parseInt(new String(StaticTable.bytes(), from, 3, ISO_8859_1))] = index;
        }
        return indexes;
    }

    /**
     * Writes a block behind what is there.
     *
     * @param date the Date field line for a final response that has none (RFC 9110, section 6.6.1), with its CRLF
     * @param extra whole lines that go with it, each with its CRLF; may be empty
     */
    void write(ResponseHead head, byte[] date, byte[] extra, HeadWriter out) {
        // RFC 8441, section 5: a tunnel begins with 200.
        status(head.isSwitchingProtocols() ? 200 : head.status(), out);
        FieldLines fields = head.fields();
        boolean unframed = head.isInterim() || head.status() == 204;
        for (int line = 0; line < fields.size(); line++) {
            boolean isOfHandshake = head.isSwitchingProtocols() && fields.name(line) == FieldName.SEC_WEBSOCKET_ACCEPT;
            if (!isOfHandshake && !isLeftOut(fields, line, unframed)) {
                field(fields, line, out);
            }
        }
        if (!head.hasDate() && (!head.isInterim() || head.isSwitchingProtocols())) {
            date(date, out);
        }
        lines(extra, out);
    }

    /** Writes the pseudo-header of a status code. */
    static void status(int status, HeadWriter out) {
        int index = STATUS_INDEXES[status];
        if (index > 0) {
            HpackWriter.indexed(index, out);
        } else {
            HpackWriter.status(status, out);
        }
    }

    private static boolean isLeftOut(FieldLines fields, int line, boolean unframed) {
        return switch (fields.name(line)) {
            case TRANSFER_ENCODING -> true;
            case CONTENT_LENGTH -> unframed;
            // An answer of a target's must not look like one of Turnout's own.
            case X_TURNOUT -> true;
            default -> fields.isDropped(line);
        };
    }

    private void field(FieldLines fields, int line, HeadWriter out) {
        byte[] bytes = fields.bytes();
        hpack.field(
                bytes,
                fields.lineStart(line),
                fields.nameEnd(line),
                bytes,
                fields.valueStart(line),
                fields.valueEnd(line),
                out);
    }

    /** The line is the same array for a second: its block is written once. */
    void date(byte[] line, HeadWriter out) {
        if (line != dateLine) {
            dateLine = line;
            lines(line, dateBlock.clear());
        }
        out.append(dateBlock.bytes(), 0, dateBlock.length());
    }

    /** Writes whole lines, each {@code Name: value} and CRLF, as Turnout writes them. */
    void lines(byte[] lines, HeadWriter out) {
        int at = 0;
        while (at < lines.length) {
            int colon = at;
            while (lines[colon] != ':') {
                colon++;
            }
            int end = colon;
            while (lines[end] != '\r') {
                end++;
            }
            hpack.field(lines, at, colon, lines, Math.min(colon + 2, end), end, out);
            at = end + 2;
        }
    }

    /**
     * Writes the block of a trailer. What must not stand in one is left out.
     *
     * @return false if nothing is left: there is no such block then
     */
    boolean trailer(FieldLines fields, HeadWriter out) {
        int before = out.length();
        for (int line = 0; line < fields.size(); line++) {
            FieldName name = fields.name(line);
            if (!name.isFraming() && !fields.isDropped(line)) {
                field(fields, line, out);
            }
        }
        return out.length() > before;
    }
}
