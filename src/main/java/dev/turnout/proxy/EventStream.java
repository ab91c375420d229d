package dev.turnout.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Server-sent events, without the framing of HTTP: they may be ended behind the empty line that ends an event (HTML
 * standard, section 9.2.5), whose line ends are LF, CR or CRLF.
 */
final class EventStream implements EndlessStream {

    /** Whether the line at hand is empty so far. */
    private boolean lineEmpty = true;

    /** Whether the event at hand is empty so far: then the stream may end here. */
    private boolean eventEmpty = true;

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
        if (b == '\n' && afterCr) {
            // The second half of a CRLF, whose first half ended the line.
            afterCr = false;
            return;
        }
        afterCr = b == '\r';
        if (b == '\n' || b == '\r') {
            eventEmpty = lineEmpty;
            lineEmpty = true;
        } else {
            lineEmpty = false;
            eventEmpty = false;
        }
    }
}
