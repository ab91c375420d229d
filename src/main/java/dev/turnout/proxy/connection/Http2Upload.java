package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.ChunkedData;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamState;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What follows a request's head on its way to an HTTP/2 target: taken with the framing of HTTP/1, kept as data without
 * it until the windows allow to send it. Event loop only.
 */
final class Http2Upload implements Http2Output.Source {

    /** The stream whose data it is. */
    interface Owner {

        int id();

        StreamState state();

        /**
         * Called with each DATA frame that is sent.
         *
         * @param isCut whether the windows have made the frame as small as it is
         */
        void sent(int count, boolean isCut);

        /** Called when all of the request is sent. */
        void endedHere();

        /** Called when more may be added again. */
        void relieved();
    }

    private static final int FULL = 64 * 1024;
    private static final int TAKES_AGAIN = 32 * 1024;
    private static final long NO_END = -1;

    private final Owner stream;
    private final Http2Output output;
    private final SendWindow window;
    private final int trailerLimit;
    private final SendQueue queue = new SendQueue();
    private boolean placed;
    private boolean full;
    private long remaining;
    private @Nullable ChunkedData chunks;
    private boolean ended;

    /**
     * @param initialWindow how much data the target takes
     * @param trailerLimit the most bytes of trailer fields that are taken
     */
    Http2Upload(Owner stream, Http2Output output, int initialWindow, int trailerLimit) {
        this.stream = stream;
        this.output = output;
        this.window = new SendWindow(initialWindow);
        this.trailerLimit = trailerLimit;
    }

    // --- What the exchange gives -----------------------------------------------------------------------------------

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

    /** Returns true if the request ends behind so many bytes. */
    boolean endsWith(int count) {
        return ended && queue.bytes() == count;
    }

    /** Returns true if no more is to be added for now. */
    boolean isFull() {
        return full;
    }

    /** Returns how many bytes wait. */
    int queued() {
        return queue.bytes();
    }

    // --- What the target gets --------------------------------------------------------------------------------------

    /** Takes a WINDOW_UPDATE or a change of the initial window. Returns false if the window is too large then. */
    boolean changeWindow(int difference) {
        boolean isLegal = window.change(difference);
        offer();
        return isLegal;
    }

    /** Sends what there is in its turn. */
    void offer() {
        sendEnd();
        if (!placed && !stream.state().isEndedHere() && queue.bytes() > 0 && window.available() > 0) {
            placed = true;
            output.offer(this);
        }
    }

    /** Sends one frame, as far as the windows allow, and the end behind the last one. */
    @Override
    public boolean send() {
        int most = Math.min(window.available(), output.window());
        int wanted = Math.min(queue.firstBytes(), FrameScanner.LARGEST_PAYLOAD);
        int count = Math.min(wanted, most);
        if (count > 0 && !stream.state().isEndedHere()) {
            boolean isLast = endsWith(count) && chunks == null;
            window.spend(count);
            output.data(stream.id(), queue.take(count), isLast);
            stream.sent(count, count < wanted);
            if (isLast) {
                stream.endedHere();
            }
        }
        sendEnd();
        if (full && queue.bytes() <= TAKES_AGAIN) {
            full = false;
            stream.relieved();
        }
        placed = !stream.state().isEndedHere() && queue.bytes() > 0 && window.available() > 0;
        return placed;
    }

    /** Ends the request if all else has been sent. The end needs no window. */
    private void sendEnd() {
        if (stream.state().isEndedHere() || !endsWith(0)) {
            return;
        }
        boolean hasTrailer = chunks != null && chunks.trailer(output.trailerFields());
        if (!hasTrailer || !output.trailer(stream.id())) {
            output.data(stream.id(), null, true);
        }
        output.emit();
        stream.endedHere();
    }

    /** Drops what waits. */
    void release() {
        queue.release();
    }
}
