package dev.turnout.proxy.body;

import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.FieldNames;
import dev.turnout.proxy.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of one message ends (RFC 9112, section 6): told bytes as they pass, it says how many of them are the
 * body's. It never holds any. Event loop only.
 */
public final class MessageBody {

    /** What {@link #take} returns for a body that is not framed as it has to be. */
    public static final int BROKEN = -1;

    private final @Nullable ChunkScanner chunks;
    private final boolean untilClose;
    private long remaining;
    private long passed;
    private boolean done;

    private MessageBody(@Nullable ChunkScanner chunks, long remaining, boolean untilClose) {
        this.chunks = chunks;
        this.remaining = remaining;
        this.untilClose = untilClose;
        this.done = chunks == null && remaining == 0 && !untilClose;
    }

    /** Returns a body of so many bytes; 0 for none. */
    public static MessageBody ofLength(long length) {
        return new MessageBody(null, length, false);
    }

    /** Returns a body of so many bytes that have all passed. */
    public static MessageBody passed(long length) {
        MessageBody body = ofLength(length);
        body.pass(length);
        return body;
    }

    /** Returns a chunked body, with at most so many bytes of trailer fields and none of the forbidden ones. */
    public static MessageBody chunked(int trailerLimit, FieldNames forbidden) {
        return new MessageBody(new ChunkScanner(trailerLimit, forbidden), 0, false);
    }

    /** Returns a body that ends with its connection. */
    public static MessageBody untilClose() {
        return new MessageBody(null, 0, true);
    }

    /**
     * Tells of the readable bytes of a buffer, without reading them.
     *
     * @return how many of them belong to the body, or {@link #BROKEN}
     */
    public int take(ByteBuf in) {
        if (chunks != null) {
            return takeChunks(chunks, in, null, null);
        }
        int readable = in.readableBytes();
        int taken = untilClose ? readable : (int) Math.min(readable, remaining);
        pass(taken);
        return taken;
    }

    /**
     * Tells of bytes of data that pass.
     *
     * @param count at most as many as the body, or its chunk, still has
     */
    public void pass(long count) {
        passed += count;
        if (chunks != null) {
            chunks.skipData(count);
        } else if (!untilClose) {
            remaining -= count;
            done = remaining == 0;
        }
    }

    /**
     * Returns how many of the next bytes nobody needs to look at to find the end: what is left of the body, or of its chunk.
     * 0 if there are none, or the body ends with its connection.
     */
    public long unseen() {
        return chunks == null ? remaining : chunks.dataRemaining();
    }

    /**
     * As {@link #take} for a chunked body, and copies its data, without the framing, to another buffer.
     */
    public int takeData(ByteBuf in, ByteBuf data) {
        return takeData(in, data, null);
    }

    /**
     * As {@link #takeData(ByteBuf, ByteBuf)}, and copies the trailer too.
     *
     * @param trailer gets the lines of the trailer and the empty line; null if nobody wants them
     */
    int takeData(ByteBuf in, ByteBuf data, @Nullable HeadWriter trailer) {
        return chunks == null ? BROKEN : takeChunks(chunks, in, data, trailer);
    }

    private int takeChunks(ChunkScanner chunks, ByteBuf in, @Nullable ByteBuf data, @Nullable HeadWriter trailer) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && !done) {
            long wanted = chunks.dataRemaining();
            if (wanted > 0) {
                int count = (int) Math.min(wanted, end - at);
                if (data != null) {
                    data.writeBytes(in, at, count);
                }
                pass(count);
                at += count;
            } else {
                byte octet = in.getByte(at++);
                if (trailer != null && chunks.isAtTrailer()) {
                    trailer.octet(octet);
                }
                if (!chunks.accept(octet)) {
                    return BROKEN;
                }
                done = chunks.isDone();
            }
        }
        return at - in.readerIndex();
    }

    /**
     * Returns true if more data than this has passed. What a tunnel carries is no body, and never longer.
     *
     * @param limit in bytes; 0 for no limit
     */
    public boolean isLongerThan(long limit) {
        return limit > 0 && passed > limit && !untilClose;
    }

    /** Returns how many bytes of data have passed. */
    public long passed() {
        return passed;
    }

    /** Returns true if trailer fields came behind a chunked body. */
    public boolean hasTrailer() {
        return chunks != null && chunks.hasTrailer();
    }

    public boolean isChunked() {
        return chunks != null;
    }

    /** Returns true if a chunk has begun and has not ended. */
    boolean isWithinChunk() {
        return chunks != null && chunks.isWithinChunk();
    }

    /** Returns true if only the end of the connection ends the body. */
    boolean isUntilClose() {
        return untilClose;
    }

    /** Returns true if the whole body has passed; never true by itself for one that ends with its connection. */
    public boolean isDone() {
        return done;
    }
}
