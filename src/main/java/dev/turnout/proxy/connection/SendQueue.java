package dev.turnout.proxy.connection;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What of a stream's data waits to be sent. One piece costs no object. Event loop only. */
final class SendQueue {

    private @Nullable ByteBuf first;
    private @Nullable ArrayDeque<ByteBuf> others;
    private int bytes;

    /** Adds a piece, which is the queue's to release. */
    void add(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
            return;
        }
        bytes += piece.readableBytes();
        if (first == null) {
            first = piece;
            return;
        }
        if (others == null) {
            others = new ArrayDeque<>();
        }
        others.add(piece);
    }

    /** Returns how many bytes wait. */
    int bytes() {
        return bytes;
    }

    /** Returns how many bytes can be taken in one piece; 0 if there are none. */
    int firstBytes() {
        return first == null ? 0 : first.readableBytes();
    }

    /**
     * Takes the beginning of the first piece.
     *
     * @param count at most {@link #firstBytes()}, and not 0
     * @return the caller's to release
     */
    ByteBuf take(int count) {
        ByteBuf piece = first;
        if (piece == null) {
            throw new IllegalStateException("nothing waits");
        }
        bytes -= count;
        if (count < piece.readableBytes()) {
            return piece.readRetainedSlice(count);
        }
        first = others == null ? null : others.poll();
        return piece;
    }

    /** Releases everything. */
    void release() {
        while (first != null) {
            take(first.readableBytes()).release();
        }
    }
}
