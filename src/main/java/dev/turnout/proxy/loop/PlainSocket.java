package dev.turnout.proxy.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
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

    int number() {
        return channel.fd().intValue();
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
