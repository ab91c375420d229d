package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Small buffers of one size that one event loop uses again and again: those that it has handed out, and that nobody else
 * holds any more. That costs a tenth of what the allocator takes. A buffer that is still held when its turn comes is left to
 * its holder, who gives it back to the allocator. Event loop only.
 */
final class SpareBuffers {

    private final int size;
    private final @Nullable ByteBuf[] buffers;
    private int next;
    private boolean closed;

    /**
     * @param size of each buffer, in bytes
     * @param count how many buffers there may be
     */
    SpareBuffers(int size, int count) {
        this.size = size;
        this.buffers = new ByteBuf[count];
    }

    /** Returns an empty buffer, to be released by the caller: one of these if it is large enough. Size in bytes. */
    ByteBuf take(ByteBufAllocator allocator, int least) {
        if (least > size || closed) {
            return allocator.ioBuffer(least);
        }
        ByteBuf buffer = buffers[next];
        if (buffer == null || buffer.refCnt() > 1) {
            // There may be no memory for it: then the old one stays where it is, and stays its holder's.
            ByteBuf fresh = allocator.ioBuffer(size, size);
            if (buffer != null) {
                buffer.release();
            }
            buffer = fresh;
            buffers[next] = fresh;
        }
        next = next + 1 < buffers.length ? next + 1 : 0;
        return buffer.clear().retain();
    }

    /** Gives all back to the allocator, and keeps no more. */
    void close() {
        closed = true;
        for (int i = 0; i < buffers.length; i++) {
            ByteBuf buffer = buffers[i];
            if (buffer != null) {
                buffer.release();
                buffers[i] = null;
            }
        }
    }
}
