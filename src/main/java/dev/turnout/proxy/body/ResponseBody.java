package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.http1.CallStatus;
import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response on its way to the client: as it came, but for an HTTP/1.0 client, who gets it without its
 * chunks, and but for an {@link EndlessStream}, which can be asked to end. Event loop only.
 */
public final class ResponseBody {

    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] NO_LINES = {};
    private static final int CHUNK_FRAMING = 12;

    private final MessageBody framing;
    private final @Nullable EndlessStream stream;
    private final boolean unchunks;
    private final boolean rechunks;
    private final @Nullable HeadWriter trailer;
    private byte @Nullable [] farewell;
    private byte[] lastLines = NO_LINES;
    private boolean endsWhole;
    private boolean ended;
    private boolean overrun;
    private int callStatus;

    private ResponseBody(MessageBody framing, @Nullable EndlessStream stream, boolean unchunks) {
        this(framing, stream, unchunks, CallStatus.NONE);
    }

    private ResponseBody(MessageBody framing, @Nullable EndlessStream stream, boolean unchunks, int callStatus) {
        this.framing = framing;
        this.callStatus = callStatus;
        this.stream = stream;
        this.unchunks = unchunks;
        this.rechunks = stream != null && framing.isChunked() && !unchunks;
        this.trailer = rechunks ? new HeadWriter() : null;
    }

    /**
     * Returns the body of a final response.
     *
     * @param toHead whether the request was HEAD
     * @param toHttp11 whether the client takes chunks
     * @param trailerLimit the most bytes of trailer fields that are taken
     * @param isEndless whether the operator says that it has no end of its own, whatever its type
     */
    public static ResponseBody of(
            ResponseHead response, boolean toHead, boolean toHttp11, int trailerLimit, boolean isEndless) {
        if (toHead || response.isBodiless()) {
            return new ResponseBody(MessageBody.ofLength(0), null, false);
        }
        if (!response.isChunked() && response.contentLength() >= 0) {
            return new ResponseBody(
                    MessageBody.ofLength(response.contentLength()), null, false, statusOfEmptyCall(response));
        }
        MessageBody framing = response.isChunked()
                ? MessageBody.chunked(trailerLimit, ChunkScanner.NO_FRAMING)
                : MessageBody.untilClose();
        return new ResponseBody(framing, stream(response, framing, isEndless), response.isChunked() && !toHttp11);
    }

    /** Returns the status of a call that has ended with its head. */
    private static int statusOfEmptyCall(ResponseHead response) {
        return response.contentLength() == 0 && response.streamKind() == StreamKind.CALL
                ? CallStatus.of(response.fields())
                : CallStatus.NONE;
    }

    /** Returns the stream that a type stands for. Exports have some of these types too, so such a stream may end by itself. */
    private static @Nullable EndlessStream stream(ResponseHead response, MessageBody framing, boolean isEndless) {
        return switch (response.streamKind()) {
            case EVENTS -> response.isEncoded() ? new ByteStream(framing, false) : new EventStream();
            case PARTS -> new ByteStream(framing, false);
            case LINES -> response.isEncoded() ? new ByteStream(framing, !isEndless) : new LineStream(!isEndless);
            case CALL -> framing.isChunked() ? new CallStream() : null;
            case NONE -> isEndless ? new ByteStream(framing, false) : null;
        };
    }

    /** Returns what a target sends once it has switched protocols. */
    public static ResponseBody tunnel(boolean isWebSocket) {
        MessageBody framing = MessageBody.untilClose();
        return new ResponseBody(framing, isWebSocket ? new WebSocketStream() : new ByteStream(framing, true), false);
    }

    /**
     * Takes a piece of what the target sends.
     *
     * @param in the body's to release
     * @return what the client is to get, which is the caller's to release; null if the body is broken
     */
    public @Nullable ByteBuf pass(ByteBuf in) {
        if (ended || framing.isDone()) {
            overrun |= in.isReadable();
            return in.writerIndex(in.readerIndex());
        }
        ByteBuf out = unchunks || rechunks ? decoded(in) : cut(in);
        if (out == null || stream == null) {
            return out;
        }
        if (farewell == null) {
            stream.pass(out);
        } else {
            int before = stream.passToBoundary(out);
            if (before != EndlessStream.NO_BOUNDARY) {
                out.writerIndex(out.readerIndex() + before);
                ended = true;
            }
        }
        return framed(out);
    }

    /** As {@link MessageBody#pass}. */
    public void pass(long count) {
        framing.pass(count);
    }

    /**
     * Returns how many of the next bytes the client is to get as they come, with nobody looking at them; 0 if there are none.
     * A body that ends with its connection is taken for twice as long as it is so far: then a short one costs nothing.
     */
    public long unseen() {
        if (stream != null) {
            return 0;
        }
        return framing.isUntilClose() ? framing.passed() : framing.unseen();
    }

    /** Cuts off what a target sends beyond its response: it goes nowhere. */
    private @Nullable ByteBuf cut(ByteBuf in) {
        int taken = framing.take(in);
        if (taken == MessageBody.BROKEN) {
            in.release();
            return null;
        }
        overrun |= taken < in.readableBytes();
        return in.writerIndex(in.readerIndex() + taken);
    }

    private @Nullable ByteBuf decoded(ByteBuf in) {
        ByteBuf data = bufferBeside(in, in.readableBytes());
        int taken = framing.takeData(in, data, trailer);
        overrun |= taken < in.readableBytes();
        in.release();
        if (taken == MessageBody.BROKEN) {
            data.release();
            return null;
        }
        return data;
    }

    private ByteBuf framed(ByteBuf data) {
        if (!rechunks && !ended) {
            return data;
        }
        byte[] words = ended && farewell != null ? farewell : EndlessStream.NO_WORDS;
        int length = data.readableBytes() + words.length;
        ByteBuf out = bufferBeside(data, length + 2 * CHUNK_FRAMING + lastLines.length);
        if (rechunks && length > 0) {
            out.writeCharSequence(Integer.toHexString(length) + "\r\n", US_ASCII);
        }
        out.writeBytes(data).writeBytes(words);
        data.release();
        if (rechunks && length > 0) {
            out.writeBytes(CRLF);
        }
        if (rechunks && ended && (endsWhole || lastLines.length > 0)) {
            out.writeBytes(LAST_CHUNK).writeBytes(lastLines).writeBytes(CRLF);
        } else if (trailer != null && !ended && framing.isDone()) {
            callStatus = CallStatus.ofTrailer(trailer.bytes(), trailer.length());
            out.writeBytes(LAST_CHUNK).writeBytes(trailer.bytes(), 0, trailer.length());
        }
        return out;
    }

    /** Allocates a buffer; if there is no memory for it, the other one is released. */
    private static ByteBuf bufferBeside(ByteBuf other, int size) {
        try {
            return other.alloc().buffer(size);
        } catch (RuntimeException | Error e) {
            other.release();
            throw e;
        }
    }

    /**
     * Asks the stream to end at its next boundary.
     *
     * @param reason why
     * @param whole whether its reader is to take it for a whole one
     * @return what the client is to get now, if the stream is at a boundary; else null, and a later {@link #pass} ends
     *     it
     */
    public @Nullable ByteBuf end(EndReason reason, boolean whole, ByteBufAllocator allocator) {
        EndlessStream ending = Objects.requireNonNull(stream);
        farewell = ending.lastWords(reason);
        lastLines = ending.lastLines();
        endsWhole = whole;
        if (!ending.isAtBoundary()) {
            return null;
        }
        ended = true;
        return framed(allocator.buffer(0));
    }

    /**
     * Ends a stream that was asked to and has not come to a boundary: its reader drops what is not whole.
     *
     * @return what the client is to get now
     */
    public ByteBuf endAnywhere(ByteBufAllocator allocator) {
        farewell = EndlessStream.NO_WORDS;
        ended = true;
        return framed(allocator.buffer(0));
    }

    /** Returns true if it may end by itself soon too. */
    public boolean mayEndByItself() {
        return stream != null && stream.mayEndByItself();
    }

    /** Returns true if its end has to wait for a boundary. */
    public boolean needsBoundary() {
        return stream != null && stream.needsBoundary();
    }

    /** Returns true if the body may have no end of its own, and can be asked to end. */
    public boolean isEndless() {
        return stream != null;
    }

    /** Returns true if the body has been ended before the target ended it. */
    public boolean isEnded() {
        return ended;
    }

    /** Returns true if the whole body has come from the target. */
    public boolean isDone() {
        return framing.isDone();
    }

    /** Returns the status that a call of gRPC has ended with; {@link CallStatus#NONE} for any other. */
    public int callStatus() {
        return callStatus;
    }

    /** Returns true if only the end of the target's connection ends the body. */
    public boolean isUntilClose() {
        return framing.isUntilClose();
    }

    /** Returns true if the client gets the body in chunks. */
    public boolean isChunked() {
        return framing.isChunked() && !unchunks;
    }

    /** Returns true if the client gets the body without its chunked coding, and learns its end from the connection. */
    public boolean isUnchunked() {
        return unchunks;
    }

    /** Returns true if the target has sent more than the response. */
    public boolean isOverrun() {
        return overrun;
    }
}
