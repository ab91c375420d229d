package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The body of a response on its way to the client: as it came, but for an HTTP/1.0 client, who gets it without its
 * chunks, and but for an {@link EndlessStream}, which can be asked to end. To be used on its event loop only.
 */
final class ResponseBody {

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};
    private static final int CHUNK_FRAMING = 12;

    private final MessageBody framing;
    private final EndlessStream stream;
    private final boolean unchunks;
    private final boolean rechunks;
    private byte[] farewell;
    private boolean ended;
    private boolean overrun;

    private ResponseBody(MessageBody framing, EndlessStream stream, boolean unchunks) {
        this.framing = framing;
        this.stream = stream;
        this.unchunks = unchunks;
        this.rechunks = stream != null && framing.isChunked() && !unchunks;
    }

    /**
     * The body of a final response.
     *
     * @param toHead whether the request was HEAD
     * @param toHttp11 whether the client takes chunks
     * @param trailerLimit the most bytes of trailer fields that are taken
     */
    static ResponseBody of(ResponseHead response, boolean toHead, boolean toHttp11, int trailerLimit) {
        if (toHead || response.isBodiless()) {
            return new ResponseBody(MessageBody.ofLength(0), null, false);
        }
        if (!response.isChunked() && response.contentLength() >= 0) {
            return new ResponseBody(MessageBody.ofLength(response.contentLength()), null, false);
        }
        MessageBody framing = response.isChunked()
                ? MessageBody.chunked(trailerLimit, ChunkScanner.NO_FRAMING)
                : MessageBody.untilClose();
        EndlessStream stream = response.isEventStream() ? new EventStream() : null;
        return new ResponseBody(framing, stream, response.isChunked() && !toHttp11);
    }

    /** What a target sends once it has switched protocols. */
    static ResponseBody tunnel(boolean isWebSocket) {
        return new ResponseBody(MessageBody.untilClose(), isWebSocket ? new WebSocketStream() : null, false);
    }

    /**
     * Takes a piece of what the target sends.
     *
     * @param in the body's to release
     * @return what the client is to get, which is the caller's to release; null if the body is broken
     */
    ByteBuf pass(ByteBuf in) {
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

    /** Cuts off what a target sends beyond its response: it goes nowhere. */
    private ByteBuf cut(ByteBuf in) {
        int taken = framing.take(in);
        if (taken == MessageBody.BROKEN) {
            in.release();
            return null;
        }
        overrun |= taken < in.readableBytes();
        return in.writerIndex(in.readerIndex() + taken);
    }

    private ByteBuf decoded(ByteBuf in) {
        ByteBuf data = bufferBeside(in, in.readableBytes());
        int taken = framing.takeData(in, data);
        overrun |= taken < in.readableBytes();
        in.release();
        if (taken == MessageBody.BROKEN) {
            data.release();
            return null;
        }
        return data;
    }

    private ByteBuf framed(ByteBuf data) {
        byte[] last = last();
        if (!rechunks && last.length == 0) {
            return data;
        }
        ByteBuf out = bufferBeside(data, data.readableBytes() + CHUNK_FRAMING + last.length);
        if (rechunks && data.isReadable()) {
            out.writeCharSequence(Integer.toHexString(data.readableBytes()) + "\r\n", US_ASCII);
            out.writeBytes(data).writeBytes(LAST_CHUNK, 1, 2);
        } else {
            out.writeBytes(data);
        }
        data.release();
        return out.writeBytes(last);
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

    private byte[] last() {
        if (rechunks) {
            return ended || framing.isDone() ? LAST_CHUNK : NOTHING;
        }
        return ended ? farewell : NOTHING;
    }

    /**
     * Asks the stream to end at its next boundary.
     *
     * @param words what its reader is to be told last
     * @return what the client is to get now, if the stream is at a boundary; else null, and a later {@link #pass} ends
     *     it
     */
    ByteBuf end(byte[] words, ByteBufAllocator allocator) {
        farewell = words;
        if (!stream.isAtBoundary()) {
            return null;
        }
        ended = true;
        return allocator.buffer(CHUNK_FRAMING).writeBytes(last());
    }

    /** Whether it may go on for ever, and can be asked to end. */
    boolean isEndless() {
        return stream != null;
    }

    /** Whether it has been ended before the target ended it. */
    boolean isEnded() {
        return ended;
    }

    /** Whether all of it has come from the target. */
    boolean isDone() {
        return framing.isDone();
    }

    /** Whether only the end of the target's connection ends it. */
    boolean isUntilClose() {
        return framing.isUntilClose();
    }

    /** Whether the client gets it without its chunked coding, and so can tell its end only from the connection's. */
    boolean isUnchunked() {
        return unchunks;
    }

    /** Whether the target has sent more than the response. */
    boolean isOverrun() {
        return overrun;
    }
}
