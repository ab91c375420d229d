package dev.turnout.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Server-sent events, without the framing of HTTP: they may be ended behind the empty line that ends an event, and
 * behind comments between two events (HTML standard, section 9.2.5). Lines end with LF or CRLF; one that ends with CR
 * alone, which is legal too, is no place to end at, since its LF may be on the way.
 */
final class EventStream implements EndlessStream {

    /** Whether the line at hand is empty so far. */
    private boolean lineEmpty = true;

    /** Whether the line at hand is a comment, which belongs to no event: heartbeats are. */
    private boolean comment;

    /** Whether the event at hand has a line. */
    private boolean inEvent;

    private boolean afterCr;

    @Override
    public void pass(ByteBuf in) {
        for (int at = in.readerIndex(); at < in.writerIndex(); at++) {
            accept(in.getByte(at));
        }
    }

    @Override
    public int passToBoundary(ByteBuf in) {
        int at = in.readerIndex();
        while (!isAtBoundary()) {
            if (at == in.writerIndex()) {
                return NO_BOUNDARY;
            }
            accept(in.getByte(at++));
        }
        return at - in.readerIndex();
    }

    @Override
    public boolean isAtBoundary() {
        return lineEmpty && !inEvent && !afterCr;
    }

    private void accept(byte b) {
        if (b == '\n') {
            if (!afterCr) {
                endLine();
            }
            afterCr = false;
        } else if (b == '\r') {
            endLine();
            afterCr = true;
        } else {
            comment = lineEmpty ? b == ':' : comment;
            lineEmpty = false;
            afterCr = false;
        }
    }

    private void endLine() {
        inEvent = !lineEmpty && (inEvent || !comment);
        lineEmpty = true;
    }
}
