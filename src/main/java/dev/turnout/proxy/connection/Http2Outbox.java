package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.body.ChunkedData;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamState;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A response on its way to a client. The body comes with the framing of HTTP/1. The data without that framing is kept
 * until the windows allow to send the data. Event loop only.
 */
final class Http2Outbox implements Http2Output.Source, ChunkedData.Sink {

    /** The stream whose response it is. */
    interface Owner {

        int id();

        StreamState state();

        /** Returns true if the exchange is over. */
        boolean isAnswered();

        /**
         * Called with each DATA frame that is sent.
         *
         * @param isCut whether the windows have made the frame as small as it is
         */
        void sent(int count, boolean isCut);

        /** Called when all of the response is sent. */
        void endedHere();

        /** Called when less waits for the client than before. */
        void takesAgain();
    }

    /** The trailer of a call that is not whole. Its client calls again after UNAVAILABLE, and not after a reset. */
    static final byte[] UNAVAILABLE =
            ("grpc-status: 14\r\ngrpc-message: The call was cut off.\r\nx-turnout: cut\r\n\r\n").getBytes(ISO_8859_1);

    /** The trailer of a call that its target has given up in the middle of the response. */
    static final byte[] CANCELLED = ("grpc-status: 1\r\ngrpc-message: The application gave the call up.\r\n"
                    + "x-turnout: target-cancelled\r\n\r\n")
            .getBytes(ISO_8859_1);

    private static final int FULL = 64 * 1024;
    private static final int TAKES_AGAIN = 32 * 1024;

    private final Owner stream;
    private final ConnectionContext context;
    private final Http2FlowControl flow;
    private final Http2Output output;
    private final SendWindow window;
    private final SendQueue queue = new SendQueue();
    private @Nullable ResponseBody body;
    private @Nullable ChunkedData chunked;

    /** All of the response is in the queue, or sent. */
    private boolean whole;

    private boolean leftOver;
    private boolean offered;
    private boolean blocked;

    /** @param window how much data the client takes */
    Http2Outbox(Owner stream, ConnectionContext context, Http2FlowControl flow, Http2Output output, int window) {
        this.stream = stream;
        this.context = context;
        this.flow = flow;
        this.output = output;
        this.window = new SendWindow(window);
    }

    // --- Heads -----------------------------------------------------------------------------------------------------

    /** Writes the head of a response. */
    void head(ResponseHead response, byte[] extra, boolean endsStream) {
        int begun = output.beginBlock();
        output.fields().response(response, context.loop().dateLine(), extra, output.frames());
        output.endBlock(begun, stream.id(), endsStream);
    }

    /**
     * Writes the final response, whose body follows.
     *
     * @param isWhole whether nothing follows
     */
    void begin(ResponseHead response, ResponseBody responseBody, byte[] extra, boolean isWhole) {
        body = responseBody;
        whole = isWhole;
        chunked = responseBody.isChunked() ? new ChunkedData(context.scratch().headLimit()) : null;
        head(response, extra, isWhole);
    }

    /** Writes an answer of Turnout's own. */
    void reply(LocalReply reply, LocalReply.Form form, boolean endsStream) {
        int begun = output.beginBlock();
        output.fields()
                .reply(
                        reply.status(form),
                        reply.fields(form).getBytes(ISO_8859_1),
                        context.loop().dateLine(),
                        output.frames());
        output.endBlock(begun, stream.id(), endsStream);
    }

    // --- Bodies ----------------------------------------------------------------------------------------------------

    /** Returns true if the head of the final response has been written. */
    boolean hasBegun() {
        return body != null;
    }

    /** Takes a part of the body with its framing, which is released here. */
    void write(ByteBuf bytes) {
        if (stream.state().isEndedHere()) {
            bytes.release();
            return;
        }
        ChunkedData chunks = chunked;
        if (chunks == null) {
            data(bytes);
            whole |= body != null && body.isDone();
        } else if (chunks.take(bytes, this)) {
            whole |= chunks.isDone();
        } else {
            throw new IllegalStateException("a chunked body that was looked at before is broken");
        }
        offer();
    }

    @Override
    public void data(ByteBuf piece) {
        flow.queued(piece.readableBytes());
        queue.add(piece);
    }

    /** Takes the content of an answer of Turnout's own, which is all that follows its head. */
    void writeAll(ByteBuf content) {
        whole = true;
        data(content);
        offer();
        noteLeftOver();
    }

    /** Ends the response behind what is there of it. */
    void end() {
        whole = true;
        if (queue.bytes() == 0) {
            endIfWhole();
        }
    }

    /** Returns true if {@link #end} was called, or the body is whole: nothing is missing. */
    boolean isWhole() {
        return whole;
    }

    /** Ends a gRPC call that is not whole, with a trailer that says why. */
    void cutCall(byte[] trailer) {
        release();
        chunked = null;
        whole = true;
        output.trailerFields().scan(trailer, 0, trailer.length);
        output.trailer(stream.id());
    }

    /** Returns true if more may be written. */
    boolean takesMore() {
        int waiting = queue.bytes();
        boolean takes = waiting <= (blocked ? TAKES_AGAIN : FULL)
                && (waiting == 0 || !flow.isQueueFull())
                && !(context.loop().isTight() && waiting + output.backlog() > 0);
        blocked = !takes;
        return takes;
    }

    /** Returns how many bytes of data wait. */
    int queued() {
        return queue.bytes();
    }

    // --- What the client gets --------------------------------------------------------------------------------------

    /** Sends what there is, as far as the windows allow. */
    private void offer() {
        if (queue.bytes() == 0) {
            endIfWhole();
        } else if (!offered && window.available() > 0) {
            offered = true;
            output.offer(this);
        }
    }

    /** Takes a WINDOW_UPDATE or a change of the initial window. Returns false if the window is too large then. */
    boolean changeWindow(int difference) {
        return window.change(difference);
    }

    /** Called when the client takes more data on the stream. */
    void windowGrown() {
        if (queue.bytes() > 0) {
            offer();
        }
    }

    @Override
    public boolean send() {
        int most = Math.min(window.available(), output.window());
        int wanted = Math.min(queue.firstBytes(), FrameScanner.LARGEST_PAYLOAD);
        int count = Math.min(wanted, most);
        if (count <= 0) {
            offered = false;
            return false;
        }
        boolean isLast = whole && count == queue.bytes() && !hasTrailer();
        window.spend(count);
        flow.queued(-count);
        output.data(stream.id(), queue.take(count), isLast);
        stream.sent(count, count < wanted);
        if (isLast) {
            stream.endedHere();
        }
        offered = queue.bytes() > 0 && window.available() > 0;
        if (!offered) {
            endIfWhole();
        }
        noteLeftOver();
        if (blocked) {
            stream.takesAgain();
        }
        return offered;
    }

    private boolean hasTrailer() {
        return chunked != null && chunked.trailer(output.trailerFields());
    }

    private void endIfWhole() {
        if (!whole || queue.bytes() > 0 || stream.state().isEndedHere()) {
            return;
        }
        if (!hasTrailer() || !output.trailer(stream.id())) {
            output.data(stream.id(), null, true);
        }
        stream.endedHere();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Returns true if the exchange is over, and the client has yet to take the response. */
    boolean isLeftOver() {
        return leftOver;
    }

    /** Looks whether what waits is left over. */
    void noteLeftOver() {
        boolean isLeft = stream.isAnswered() && queue.bytes() > 0;
        if (isLeft != leftOver) {
            leftOver = isLeft;
            flow.leftOver(isLeft ? 1 : -1);
        }
    }

    /** Drops what waits. */
    void drop() {
        release();
        noteLeftOver();
        if (offered) {
            offered = false;
            output.withdraw(this);
        }
    }

    private void release() {
        flow.queued(-queue.bytes());
        queue.release();
    }
}
