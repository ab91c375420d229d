package dev.turnout.proxy.body;

import io.netty.buffer.ByteBuf;

/** Texts of which each is a line: they may be ended behind a line feed. */
final class LineStream implements EndlessStream {

    private final boolean mayEndByItself;
    private boolean lineEmpty = true;

    LineStream(boolean mayEndByItself) {
        this.mayEndByItself = mayEndByItself;
    }

    @Override
    public void pass(ByteBuf in) {
        if (in.isReadable()) {
            lineEmpty = in.getByte(in.writerIndex() - 1) == '\n';
        }
    }

    @Override
    public int passToBoundary(ByteBuf in) {
        if (lineEmpty) {
            return 0;
        }
        int feed = in.bytesBefore((byte) '\n');
        lineEmpty = feed >= 0;
        return lineEmpty ? feed + 1 : NO_BOUNDARY;
    }

    @Override
    public boolean isAtBoundary() {
        return lineEmpty;
    }

    @Override
    public boolean mayEndByItself() {
        return mayEndByItself;
    }
}
