package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/**
 * The messages that a gRPC server sends in one call: each has a flag and four octets of length before it. A call may be
 * ended between two of them. Its client learns from the trailer that the call is not whole, and may call again.
 */
final class CallStream extends FramedStream {

    private static final int PREFIX = 5;

    /** UNAVAILABLE: the status that clients of gRPC call again for. */
    private static final String LAST_LINES = "grpc-status: 14\r\ngrpc-message: The version of the application that this"
            + " call waited at is gone.\r\nx-turnout: drained\r\n";

    private int prefixLeft = PREFIX;
    private long length;

    @Override
    public boolean isAtBoundary() {
        return prefixLeft == PREFIX;
    }

    @Override
    public boolean mayEndByItself() {
        return true;
    }

    @Override
    public byte[] lastLines() {
        return LAST_LINES.getBytes(US_ASCII);
    }

    @Override
    int step(ByteBuf in, int at) {
        if (prefixLeft > 0) {
            length = prefixLeft == PREFIX ? 0 : length << 8 | in.getUnsignedByte(at);
            prefixLeft--;
            endMessageIfWhole();
            return at + 1;
        }
        int count = (int) Math.min(length, in.writerIndex() - at);
        length -= count;
        endMessageIfWhole();
        return at + count;
    }

    private void endMessageIfWhole() {
        if (prefixLeft == 0 && length == 0) {
            prefixLeft = PREFIX;
        }
    }
}
