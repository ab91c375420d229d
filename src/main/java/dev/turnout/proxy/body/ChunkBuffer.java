package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Collects data that a peer sends without chunks, and gives it away as one chunk, or as it is where a length frames the
 * body. However small the pieces come, their framing costs little. Event loop only.
 */
public final class ChunkBuffer {

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    /** Eight digits and the end of their line. */
    private static final int HEADROOM = 10;

    /** The end of a chunk and the last chunk. */
    private static final int TAIL = 2 + LAST_CHUNK.length;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);

    private final boolean chunks;
    private @Nullable ByteBuf buffer;
    private int data;

    /** @param chunks whether the data is given away in chunks */
    public ChunkBuffer(boolean chunks) {
        this.chunks = chunks;
    }

    /** Copies data out of a buffer. */
    public void append(ByteBufAllocator allocator, ByteBuf in, int count) {
        if (count > 0) {
            begun(allocator, count + TAIL).writeBytes(in, count);
            data += count;
        }
    }

    /** Ends the body. There is no more data. */
    public void end(ByteBufAllocator allocator) {
        if (chunks) {
            end(allocator, LAST_CHUNK, 0, LAST_CHUNK.length);
        }
    }

    /** Ends a body in chunks. The array has the last chunk and the trailer. */
    public void end(ByteBufAllocator allocator, byte[] last, int from, int to) {
        ByteBuf out = begun(allocator, to - from + 2);
        endChunk(out);
        out.writeBytes(last, from, to - from);
    }

    private ByteBuf begun(ByteBufAllocator allocator, int more) {
        ByteBuf out = buffer;
        if (out == null) {
            out = allocator.directBuffer(HEADROOM + more);
            out.setIndex(HEADROOM, HEADROOM);
            buffer = out;
        }
        return out;
    }

    /** The size goes before the data, which is known only now. */
    private void endChunk(ByteBuf out) {
        if (data == 0) {
            return;
        }
        int at = out.readerIndex();
        out.setByte(--at, '\n').setByte(--at, '\r');
        for (int rest = data; rest > 0; rest >>>= 4) {
            out.setByte(--at, DIGITS[rest & 0xf]);
        }
        out.readerIndex(at);
        out.writeByte('\r').writeByte('\n');
        data = 0;
    }

    /** Returns true if there is nothing to give away. */
    public boolean isEmpty() {
        return buffer == null;
    }

    /** Returns what there is, which is the caller's to release; null if there is nothing. */
    public @Nullable ByteBuf take() {
        ByteBuf out = buffer;
        if (out != null && chunks) {
            endChunk(out);
        }
        data = 0;
        buffer = null;
        return out;
    }

    /** Releases what there is. */
    public void release() {
        ByteBuf out = buffer;
        if (out != null) {
            out.release();
            buffer = null;
            data = 0;
        }
    }
}
