package dev.turnout.proxy.body;

import io.netty.buffer.ByteBuf;

/** The frames that a WebSocket's target sends (RFC 6455, section 5.2): it may be ended between two of them. */
final class WebSocketStream extends FramedStream {

    private static final int CLOSE = 0x88;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASK_BYTES = 4;

    /** Octets of the header that are still to come; -1 between frames, before the first one. */
    private int headerLeft = -1;

    private int lengthBytes;
    private long length;
    private boolean masked;
    private boolean lengthKnown;

    /**
     * Returns a Close frame as a server sends it.
     *
     * @param code of RFC 6455, section 7.4.1
     */
    static byte[] closeFrame(int code) {
        return new byte[] {(byte) CLOSE, 2, (byte) (code >> 8), (byte) code};
    }

    @Override
    public boolean isAtBoundary() {
        return headerLeft < 0;
    }

    @Override
    public byte[] lastWords(EndReason reason) {
        return closeFrame(reason.closeCode());
    }

    /** Returns true: a Close frame within another frame would be payload. */
    @Override
    public boolean needsBoundary() {
        return true;
    }

    @Override
    int step(ByteBuf in, int at) {
        if (headerLeft < 0) {
            headerLeft = 1;
            lengthKnown = false;
            return at + 1;
        }
        if (headerLeft > 0) {
            header(in.getUnsignedByte(at));
            endFrameIfWhole();
            return at + 1;
        }
        int count = (int) Math.min(length, in.writerIndex() - at);
        length -= count;
        endFrameIfWhole();
        return at + count;
    }

    private void header(int octet) {
        headerLeft--;
        if (!lengthKnown) {
            lengthKnown = true;
            masked = (octet & 0x80) != 0;
            length = octet & 0x7f;
            lengthBytes = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
            length = lengthBytes == 0 ? length : 0;
            headerLeft = lengthBytes + (masked ? MASK_BYTES : 0);
        } else if (lengthBytes > 0) {
            lengthBytes--;
            length = (length << 8 | octet) & Long.MAX_VALUE;
        }
    }

    private void endFrameIfWhole() {
        if (headerLeft == 0 && length == 0) {
            headerLeft = -1;
        }
    }
}
