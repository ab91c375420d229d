package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * A piece of a body that is in a {@link Pipe}. It is written to a channel like a buffer, and keeps its place among the
 * channel's messages. Event loop only.
 */
public final class PipedBytes extends AbstractReferenceCounted implements FileRegion {

    private final Pipe pipe;
    private final PlainSocket to;
    private final long count;
    private long transferred;

    /**
     * @param count how many bytes the piece has
     * @param sent how many of them have been sent, and are in the pipe no more
     */
    PipedBytes(Pipe pipe, PlainSocket to, long count, long sent) {
        this.pipe = pipe;
        this.to = to;
        this.count = count;
        this.transferred = sent;
        pipe.enter();
    }

    /**
     * Returns how channels count what has been written to them. A pipe holds little, and takes more only once it is empty:
     * so bytes that are left in one make a channel unwritable until they have been sent.
     */
    public static MessageSizeEstimator estimator() {
        return () -> message -> {
            if (message instanceof ByteBuf bytes) {
                return bytes.readableBytes();
            }
            return message instanceof PipedBytes piped && piped.left() > 0
                    ? (int) Math.max(piped.left(), Buffers.UNWRITABLE + 1)
                    : 0;
        };
    }

    private long left() {
        return count - transferred;
    }

    @Override
    public long count() {
        return count;
    }

    /** @param channel not used: the system moves the bytes */
    @Override
    public long transferTo(WritableByteChannel channel, long position) throws IOException {
        int moved = pipe.drain(to, left());
        transferred += moved;
        return moved;
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    protected void deallocate() {
        pipe.leave();
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
