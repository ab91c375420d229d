package dev.turnout.proxy.connection;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ChunkBuffer;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http2.BodyLength;
import dev.turnout.proxy.http2.ReceiveWindow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends behind the head of a request, on its way to the target: held to the stream's window and to its
 * Content-Length, and kept while the target takes nothing. Event loop only.
 */
final class Http2Inbox {

    private final Http2FlowControl flow;
    private final ByteBufAllocator allocator;
    private final ReceiveWindow window;
    private final BodyLength length;
    private final ChunkBuffer body;
    private int kept;
    private int taken;
    private boolean unwanted;

    /**
     * @param window how much data the client may have on its way
     * @param length the Content-Length; -1 if there is none
     * @param isChunked whether the target gets the data in chunks
     */
    Http2Inbox(Http2FlowControl flow, ByteBufAllocator allocator, int window, long length, boolean isChunked) {
        this.flow = flow;
        this.allocator = allocator;
        this.window = new ReceiveWindow(window, window);
        this.length = new BodyLength(length);
        this.body = new ChunkBuffer(isChunked);
    }

    // --- What the client sends -------------------------------------------------------------------------------------

    /** Takes the header of a DATA frame. Returns false if it is more than the stream's window. */
    boolean receive(int count) {
        return window.receive(count);
    }

    /** Takes data. Returns false if it is more than Content-Length says. */
    boolean data(ByteBuf in, int count) {
        if (!length.receive(count)) {
            return false;
        }
        if (unwanted) {
            in.skipBytes(count);
            consume(count);
        } else {
            body.append(allocator, in, count);
            kept += count;
        }
        return true;
    }

    /** Counts padding, and whatever else of a DATA frame is not kept. */
    void consumePadding(int count) {
        window.consume(count);
    }

    private void consume(int count) {
        window.consume(count);
        flow.consume(count);
    }

    /** Returns true if the data that has come is as long as Content-Length says. */
    boolean isOfItsLength() {
        return length.mayEnd();
    }

    /**
     * Takes the end.
     *
     * @param trailer the last chunk with the fields of a trailer; null if there is no trailer
     */
    void end(@Nullable HeadWriter trailer) {
        if (unwanted) {
            return;
        }
        if (trailer == null) {
            body.end(allocator);
        } else {
            body.end(allocator, trailer.bytes(), 0, trailer.length());
        }
    }

    // --- What the target gets --------------------------------------------------------------------------------------

    /** Returns true if nothing waits. */
    boolean isEmpty() {
        return body.isEmpty();
    }

    /** Returns how many bytes of data wait. */
    int kept() {
        return kept;
    }

    /** Takes what waits. {@link #given} is to follow. Only if there is something. */
    ByteBuf take() {
        taken = kept;
        kept = 0;
        return requireNonNull(body.take());
    }

    /** Releases what was taken: the exchange has it, or does not want it. */
    void given(ByteBuf piece) {
        piece.release();
        consume(taken);
    }

    /** Lets the client send more on the stream, if that is worth a frame. */
    void updateWindow(int stream) {
        flow.update(stream, window);
    }

    /** Lets the client send all the rest, which is dropped. */
    void openWide(int stream) {
        flow.openWide(stream, window);
    }

    /** Drops what waits, and what is still to come. */
    void drop() {
        unwanted = true;
        body.release();
        flow.consume(kept);
        kept = 0;
    }
}
