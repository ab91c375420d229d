package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What is written to one connection, in order.
 *
 * <p>A buffer that is alone between two flushes, on a socket that has taken all before it, goes to the system at once. The
 * way through the pipeline and its queue costs more than the call of the system. All else goes that way: several
 * buffers, what the system does not take, what is encrypted, and every failure. Event loop only.
 */
public final class Output {

    private final Channel channel;
    private final @Nullable PlainSocket socket;
    private @Nullable ByteBuf alone;

    /** @param socket the channel's own; null if handlers change the bytes */
    public Output(Channel channel, @Nullable PlainSocket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Writes bytes, which are released here. Nobody gets them before the next {@link #flush}. */
    public void write(ByteBuf bytes) {
        if (alone == null && socket != null && socket.isIdle()) {
            alone = bytes;
        } else {
            queueAlone();
            queue(bytes);
        }
    }

    /** Writes bytes that are in a pipe, which are released here. */
    public void write(PipedBytes piece) {
        queueAlone();
        channel.write(piece, channel.voidPromise());
    }

    /** Many small pieces may wait for a slow peer: each keeps no more than its bytes then. */
    private void queue(ByteBuf bytes) {
        boolean mayWait = socket != null && Buffers.backlog(channel) > Buffers.SMALLEST_READ;
        channel.write(mayWait ? Buffers.compacted(bytes) : bytes, channel.voidPromise());
    }

    private void queueAlone() {
        ByteBuf bytes = alone;
        alone = null;
        if (bytes != null) {
            queue(bytes);
        }
    }

    /** Gives the system what was written, as far as it takes it. */
    public void flush() {
        ByteBuf bytes = alone;
        if (bytes != null && socket != null && socket.isIdle() && socket.send(bytes)) {
            alone = null;
            bytes.release();
        } else {
            queueAlone();
            channel.flush();
        }
    }

    /** Releases what was not flushed: the connection has closed. */
    public void release() {
        if (alone != null) {
            alone.release();
            alone = null;
        }
    }
}
