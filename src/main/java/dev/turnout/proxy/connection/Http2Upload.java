package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.ChunkedData;
import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What follows a request's head on its way to an HTTP/2 target: taken with the framing of HTTP/1, kept as data without
 * it until the windows allow to send it. Event loop only.
 */
final class Http2Upload {

    private static final int FULL = 64 * 1024;
    private static final int TAKES_AGAIN = 32 * 1024;
    private static final long NO_END = -1;

    private final int trailerLimit;
    private final SendQueue queue = new SendQueue();
    private boolean full;
    private long remaining;
    private @Nullable ChunkedData chunks;
    private boolean ended;

    /** @param trailerLimit the most bytes of trailer fields that are taken */
    Http2Upload(int trailerLimit) {
        this.trailerLimit = trailerLimit;
    }

    /**
     * Begins behind a head.
     *
     * @param isTunnel whether what follows has no framing, and no end but the connection's
     */
    void begin(RequestHead head, boolean isTunnel) {
        if (isTunnel) {
            remaining = NO_END;
        } else if (head.isChunked()) {
            chunks = new ChunkedData(trailerLimit);
        } else {
            remaining = Math.max(0, head.contentLength());
            ended = remaining == 0;
        }
    }

    /**
     * Takes what follows.
     *
     * @param in released here, now or once it is sent
     * @return false if it is not framed as it has to be
     */
    boolean add(ByteBuf in) {
        boolean isLegal = true;
        if (chunks != null) {
            isLegal = chunks.take(in, queue::add);
            ended = chunks.isDone();
        } else {
            if (remaining != NO_END) {
                remaining -= in.readableBytes();
                isLegal = remaining >= 0;
                ended = remaining == 0;
            }
            queue.add(in);
        }
        full |= queue.bytes() >= FULL;
        return isLegal;
    }

    /** Ends a tunnel: nothing more follows. */
    void end() {
        ended = true;
    }

    // --- The way out -----------------------------------------------------------------------------------------------

    /** Returns how many bytes can be taken in one piece; 0 if there are none. */
    int firstBytes() {
        return queue.firstBytes();
    }

    /** Takes so many bytes, which are the caller's to release. */
    ByteBuf take(int count) {
        return queue.take(count);
    }

    /** Returns true if the request ends behind so many bytes. */
    boolean endsWith(int count) {
        return ended && queue.bytes() == count;
    }

    /** Returns true if the request ends with a chunk, and perhaps with a trailer. */
    boolean isChunked() {
        return chunks != null;
    }

    /** Scans the trailer. Returns false if there is none. */
    boolean trailer(FieldLines into) {
        return chunks != null && chunks.trailer(into);
    }

    /** Returns true if no more is to be added for now. */
    boolean isFull() {
        return full;
    }

    /** Returns true if {@link #isFull} was true, and is not any more. */
    boolean takesAgain() {
        boolean wasFull = full;
        full &= queue.bytes() > TAKES_AGAIN;
        return wasFull && !full;
    }

    /** Returns how many bytes wait. */
    int queued() {
        return queue.bytes();
    }

    /** Drops what waits. */
    void release() {
        queue.release();
    }
}
