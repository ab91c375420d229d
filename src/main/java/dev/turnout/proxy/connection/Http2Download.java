package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.ChunkBuffer;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BodyLength;
import dev.turnout.proxy.loop.ScanScratch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A response of an HTTP/2 target on its way to its exchange, as bytes of HTTP/1. What comes in one read goes on in one
 * piece, and waits while the exchange does not read. Event loop only.
 */
final class Http2Download {

    /** So much data goes on in one buffer with the head. */
    private static final int WITH_HEAD = 16 * 1024;

    private final ScanScratch scratch;
    private final ByteBufAllocator allocator;
    private boolean toHead;
    private byte[] webSocketAccept = BlockReader.NO_TUNNEL;
    private @Nullable ByteBuf head;
    private boolean headed;
    private boolean tunnel;
    private boolean bodiless;
    private boolean chunked;
    private boolean ended;
    private BodyLength length = new BodyLength(-1);
    private ChunkBuffer body = new ChunkBuffer(false);
    private int waiting;

    Http2Download(ScanScratch scratch, ByteBufAllocator allocator) {
        this.scratch = scratch;
        this.allocator = allocator;
    }

    /**
     * Begins with a request.
     *
     * @param isHead whether it is HEAD
     * @param accept what a client gets whose WebSocket is accepted; or {@link BlockReader#NO_TUNNEL}
     */
    void expect(boolean isHead, byte[] accept) {
        toHead = isHead;
        webSocketAccept = accept;
    }

    boolean isToHead() {
        return toHead;
    }

    byte[] webSocketAccept() {
        return webSocketAccept;
    }

    /** Returns true if the head of the final response has come: a further block is a trailer. */
    boolean isHeaded() {
        return headed;
    }

    /** Returns true if what follows the head is a tunnel's. */
    boolean isTunnel() {
        return tunnel;
    }

    // --- What the target sends -------------------------------------------------------------------------------------

    /**
     * Takes a head.
     *
     * @param text as the reader has written it
     * @param isReading whether the exchange reads. If not, an interim response is dropped: it would be kept without end.
     * @return what is wrong with it; null if nothing is
     */
    @Nullable
    Rejection head(HeadWriter text, TargetStream.Listener listener, boolean isReading) {
        ByteBuf bytes = allocator.directBuffer(text.length() + WITH_HEAD / 8);
        bytes.writeBytes(text.bytes(), 0, text.length());
        ResponseHead scanned = scratch.responseHead();
        if (scratch.scanResponse(bytes) < 0) {
            bytes.release();
            return scanned.rejection();
        }
        if (scanned.isInterim() && !scanned.isSwitchingProtocols()) {
            bytes.release();
            if (isReading) {
                listener.responseBytes();
                listener.interimResponse(scanned);
            }
            return null;
        }
        headed = true;
        head = bytes;
        tunnel = scanned.isSwitchingProtocols();
        bodiless = toHead || scanned.isBodiless() && !tunnel;
        chunked = scanned.isChunked();
        length = new BodyLength(bodiless ? 0 : scanned.contentLength());
        body = new ChunkBuffer(chunked);
        return null;
    }

    /**
     * Takes data, which is read from the buffer.
     *
     * @return false if the response must not have so much
     */
    boolean data(ByteBuf in, int count) {
        if (!headed || !length.receive(count)) {
            return false;
        }
        waiting += count;
        body.append(allocator, in, count);
        return true;
    }

    /**
     * Takes the end.
     *
     * @param trailer the last chunk with the fields of a trailer; null if there is no trailer
     * @return false if the response must not end here
     */
    boolean end(@Nullable HeadWriter trailer) {
        if (!headed || !length.mayEnd()) {
            return false;
        }
        ended = true;
        if (chunked && !bodiless && trailer != null) {
            body.end(allocator, trailer.bytes(), 0, trailer.length());
        } else if (!bodiless) {
            body.end(allocator);
        }
        return true;
    }

    /** Returns true if an HTTP/1 message would be whole with what has come, ended or not. */
    boolean isWhole() {
        return ended || headed && !tunnel && (bodiless || !chunked && length.mayEnd());
    }

    // --- What the exchange gets ------------------------------------------------------------------------------------

    /** Returns true if something waits. */
    boolean isWaiting() {
        return head != null || !body.isEmpty();
    }

    /**
     * Gives what waits to the exchange.
     *
     * @return how many bytes of data it was
     */
    int deliver(TargetStream.Listener listener) {
        int count = waiting;
        waiting = 0;
        ByteBuf data = body.take();
        ByteBuf first = head;
        if (first != null) {
            head = null;
            if (data != null && data.readableBytes() <= WITH_HEAD) {
                first.writeBytes(data);
                data.release();
                data = null;
            }
            begin(first, listener);
        }
        if (data != null && listener.isOver()) {
            data.release();
        } else if (data != null) {
            listener.responseBody(data);
        }
        return count;
    }

    private void begin(ByteBuf in, TargetStream.Listener listener) {
        listener.responseBytes();
        int headLength = scratch.scanResponse(in);
        ResponseHead scanned = scratch.responseHead();
        if (headLength < 0) {
            in.release();
            listener.badResponse(scanned.rejection());
        } else if (!tunnel) {
            listener.responseHead(scanned, headLength, in);
        } else if (!listener.switchProtocols(scanned, headLength, in)) {
            in.release();
            listener.badResponse(Rejection.UNASKED_UPGRADE);
        }
    }

    /** Drops what waits. */
    void release() {
        if (head != null) {
            head.release();
            head = null;
        }
        body.release();
        waiting = 0;
    }
}
