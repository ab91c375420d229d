package dev.turnout.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Server-sent events, without the framing of HTTP: they may be ended behind the empty line that ends an event (HTML
 * standard, section 9.2.5). Lines end with LF or CRLF; one that ends with CR alone, which is legal too, is no place to
 * end at, since its LF may be on the way.
 */
final class EventStream implements EndlessStream {

    /** Whether the line at hand is empty so far. */
    private boolean lineEmpty = true;

    /** Whether the event at hand is empty so far: then the stream may end here. */
    private boolean eventEmpty = true;

    private boolean afterCr;
    private boolean emptyBeforeCr;

    @Override
    public void pass(ByteBuf in) {
        for (int at = in.readerIndex(); at < in.writerIndex(); at++) {
            accept(in.getByte(at));
        }
    }

    @Override
    public int passToBoundary(ByteBuf in) {
        int at = in.readerIndex();
        while (!eventEmpty) {
            if (at == in.writerIndex()) {
                return NO_BOUNDARY;
            }
            accept(in.getByte(at++));
        }
        return at - in.readerIndex();
    }

    @Override
    public boolean isAtBoundary() {
        return eventEmpty;
    }

    private void accept(byte b) {
        if (b == '\n') {
            eventEmpty = afterCr ? emptyBeforeCr : lineEmpty;
            lineEmpty = true;
            afterCr = false;
        } else if (b == '\r') {
            emptyBeforeCr = lineEmpty;
            eventEmpty = false;
            lineEmpty = true;
            afterCr = true;
        } else {
            lineEmpty = false;
            eventEmpty = false;
            afterCr = false;
        }
    }
}
