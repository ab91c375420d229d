package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/**
 * How much is read and held at a time: at most one receive buffer beyond what makes a connection unwritable, so 256 KiB
 * for each direction of a connection, whatever passes through, and less where a {@link BufferBudget} is short.
 */
public final class Buffers {

    static final int SMALLEST_READ = 2048;
    private static final int LARGEST_READ = 192 * 1024;

    /** A buffer of so many bytes is not worth a copy. */
    static final int SMALL = 512;

    /** A buffer that keeps more than so many times what is read of it is worth a copy. */
    private static final int COMPACT = 2;

    private static final int WRITABLE_AGAIN = 32 * 1024;
    static final int UNWRITABLE = 64 * 1024;

    private Buffers() {}

    public static WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(WRITABLE_AGAIN, UNWRITABLE);
    }

    /** Returns how much one channel reads at a time. Each channel needs one of its own. */
    public static RecvByteBufAllocator receive(LoopContext loop) {
        return loop.buffers().sparing(new ReadSizes(SMALLEST_READ, LARGEST_READ), loop.readBuffers());
    }

    /** Returns how many bytes a buffer keeps from being used again: of a slice, all of what it was cut from. */
    public static int kept(ByteBuf buffer) {
        ByteBuf whole = buffer;
        while (whole.unwrap() != null) {
            whole = whole.unwrap();
        }
        return whole.capacity();
    }

    /**
     * Copies the readable part of a buffer if that is small beside what the buffer keeps.
     *
     * @param buffer released if it was copied
     * @return the copy, or the buffer itself
     */
    public static ByteBuf compacted(ByteBuf buffer) {
        int kept = kept(buffer);
        if (kept <= SMALL || kept <= buffer.readableBytes() * COMPACT) {
            return buffer;
        }
        ByteBuf copy = buffer.alloc().directBuffer(buffer.readableBytes());
        copy.writeBytes(buffer, buffer.readerIndex(), buffer.readableBytes());
        buffer.release();
        return copy;
    }

    /**
     * Returns true if more may be given to a channel now.
     *
     * @param tight whether memory is short: then only once the system has taken all
     */
    public static boolean takesMore(Channel channel, boolean tight) {
        return channel.isWritable() && (!tight || backlog(channel) == 0);
    }

    /** Returns how many bytes have been given to a channel that the system has yet to take. Netty counts whole messages. */
    public static long backlog(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }
}
