package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.PlainSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/** The ends of a connection over TCP alone. */
public final class PlainEnd implements ConnectionEnd {

    private final Channel channel;
    private final @Nullable PlainSocket socket;

    /** @param channel a {@link DuplexChannel} if its output is to end alone */
    public PlainEnd(Channel channel) {
        this.channel = channel;
        this.socket = PlainSocket.of(channel);
    }

    @Override
    public void shutdownOutput() {
        ((DuplexChannel) channel).shutdownOutput();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void abort(boolean reset) {
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public boolean isInputEnd(Object event) {
        return isEndOfStream(event);
    }

    /** Returns true if an event says that the peer has sent a FIN. */
    static boolean isEndOfStream(Object event) {
        return event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
    }

    @Override
    public @Nullable PlainSocket socket() {
        return socket;
    }

    @Override
    public boolean isOutputLost() {
        return false;
    }
}
