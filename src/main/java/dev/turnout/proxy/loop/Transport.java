package dev.turnout.proxy.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The kind of channels that fit Vert.x's event loops: native epoll where it is in use, else the JDK's.
 *
 * @param name for logs and the status
 * @param server makes listening channels
 * @param client makes channels to targets
 * @param local makes channels to Unix sockets; null if there are none
 */
public record Transport(
        String name,
        ChannelFactory<? extends ServerChannel> server,
        ChannelFactory<? extends Channel> client,
        @Nullable ChannelFactory<? extends Channel> local) {

    private static final String EPOLL = "epoll";

    /** Returns true if it knows what only Linux has. */
    public boolean isNative() {
        return name.equals(EPOLL);
    }

    /** Returns why the native one is not in use, in words for the operator. */
    public static String whyNotNative() {
        if (Epoll.isAvailable()) {
            return "quarkus.vertx.prefer-native-transport is false";
        }
        Throwable cause = Epoll.unavailabilityCause();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() + " (if the folder of temporary files is mounted noexec, -Dio.netty.native.workdir"
                + " names another one)";
    }

    /** Returns the sentence that no connection to a Unix socket can be made, and why. */
    static String noUnixSockets() {
        return "a Unix socket takes the native transport, and it is not in use: " + whyNotNative();
    }

    public static Transport of(EventLoopGroup loops) {
        return loops instanceof EpollEventLoopGroup
                ? new Transport(
                        EPOLL, EpollServerSocketChannel::new, EpollSocketChannel::new, EpollDomainSocketChannel::new)
                : new Transport("nio", NioServerSocketChannel::new, NioSocketChannel::new, null);
    }
}
