package dev.turnout.proxy.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a channel over which bytes go as they are, so that the system can move them from another one or to it.
 * Event loop only.
 */
public final class PlainSocket {

    private final AbstractEpollStreamChannel channel;

    private PlainSocket(AbstractEpollStreamChannel channel) {
        this.channel = channel;
    }

    /**
     * Returns the socket of a channel; null if the system can't move its bytes.
     *
     * @param channel one whose bytes no handler changes
     */
    public static @Nullable PlainSocket of(Channel channel) {
        return channel instanceof AbstractEpollStreamChannel epoll ? new PlainSocket(epoll) : null;
    }

    /**
     * Returns the number of the socket's file descriptor. The system may have given the number of a closed one to another
     * connection.
     *
     * @throws ClosedChannelException if the socket is closed
     */
    int number() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        return channel.fd().intValue();
    }

    /**
     * Gives bytes to the system. If it does not take all, the reader index moves behind those that it has taken. A failure
     * is told by the next write.
     *
     * @return true if the system has taken all
     */
    boolean send(ByteBuf bytes) {
        if (!bytes.hasMemoryAddress()) {
            return false;
        }
        int from = bytes.readerIndex();
        int to = bytes.writerIndex();
        int taken;
        try {
            taken = ((Socket) channel.fd()).sendAddress(bytes.memoryAddress(), from, to);
        } catch (IOException | NotYetConnectedException e) {
            return false;
        }
        if (taken < to - from) {
            bytes.readerIndex(from + taken);
            return false;
        }
        return true;
    }

    /** Returns true if all that was written to the channel has been taken, so that bytes may go out beside its queue. */
    boolean isIdle() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null
                && queue.totalPendingWriteBytes() == 0
                && channel.isActive()
                && !channel.isOutputShutdown();
    }
}
