package dev.turnout.proxy.body;

import io.netty.buffer.ByteBuf;

/** An endless stream of frames that each tell their length: it may be ended between two of them. */
abstract class FramedStream implements EndlessStream {

    @Override
    public final void pass(ByteBuf in) {
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            at = step(in, at);
        }
    }

    @Override
    public final int passToBoundary(ByteBuf in) {
        int at = in.readerIndex();
        while (!isAtBoundary()) {
            if (at == in.writerIndex()) {
                return NO_BOUNDARY;
            }
            at = step(in, at);
        }
        return at - in.readerIndex();
    }

    /** Takes one octet of a frame's header, or as much of its payload as is there. Returns the index behind it. */
    abstract int step(ByteBuf in, int at);
}
