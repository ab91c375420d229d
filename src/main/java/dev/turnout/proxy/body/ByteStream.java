package dev.turnout.proxy.body;

import io.netty.buffer.ByteBuf;

/**
 * Bytes whose meaning Turnout does not know: compressed events, the tunnel of a protocol that is no WebSocket, what comes
 * from a path that {@code turnout.drain.endless} names. May be ended behind a whole chunk, since servers send a message
 * as one, and anywhere if there are no chunks.
 */
final class ByteStream implements EndlessStream {

    private final MessageBody framing;
    private final boolean mayEndByItself;

    /** @param framing told of the bytes before this is */
    ByteStream(MessageBody framing, boolean mayEndByItself) {
        this.framing = framing;
        this.mayEndByItself = mayEndByItself;
    }

    @Override
    public void pass(ByteBuf in) {}

    @Override
    public int passToBoundary(ByteBuf in) {
        return isAtBoundary() ? in.readableBytes() : NO_BOUNDARY;
    }

    @Override
    public boolean isAtBoundary() {
        return !framing.isWithinChunk();
    }

    @Override
    public boolean mayEndByItself() {
        return mayEndByItself;
    }
}
