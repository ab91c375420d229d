package dev.turnout.proxy.listen;

import dev.turnout.config.ListenConfig;
import dev.turnout.proxy.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What clients connect to at one port: a socket of Turnout's own, or sockets of the service manager. Connections wait
 * in the system's queue until {@link #accept}.
 *
 * <p>The kinds differ when a socket is closed while connections wait in its queue. An inherited socket goes on without
 * this process, and its queue with it. A shared socket ({@code SO_REUSEPORT}) has a queue of its own, which the system
 * resets. So new connections are first steered to the socket of the process that goes on. Connections that are on their
 * way here are still accepted. Only then the shared socket is closed.
 */
public final class Listener {

    /** How long a client that has been answered with SYN-ACK may take for the last word of its handshake. */
    private static final long HANDSHAKE_MILLIS = 1000;

    private final List<Channel> channels;
    private final boolean shared;
    private final boolean isInherited;
    private volatile ReusePortSteering.Heir heir = ReusePortSteering.Heir.SUCCESSOR;

    private Listener(List<Channel> channels, boolean shared, boolean isInherited) {
        this.channels = channels;
        this.shared = shared;
        this.isInherited = isInherited;
    }

    /**
     * Begins to listen; blocks until it does. Nobody is accepted yet.
     *
     * @param bootstrap with everything but the kind of channel
     * @param inherited descriptors of sockets that take the port's place; none if Turnout opens its own
     * @throws IllegalStateException if that can't be done; the message says why
     */
    public static Listener open(
            ServerBootstrap bootstrap, Transport transport, FrontPort port, List<Integer> inherited) {
        if (!transport.isNative() && (port.reusePort() || !inherited.isEmpty())) {
            throw new IllegalStateException(
                    (port.reusePort() ? "turnout.listen.reuse-port=true" : "Socket activation (LISTEN_FDS)")
                            + " needs the native epoll transport, which is not available here: "
                            + Transport.whyNotNative());
        }
        ServerBootstrap waiting = bootstrap.clone().option(ChannelOption.AUTO_READ, false);
        return inherited.isEmpty()
                ? bind(waiting, transport, port)
                : new Listener(adopt(waiting, inherited), false, true);
    }

    private static Listener bind(ServerBootstrap bootstrap, Transport transport, FrontPort port) {
        ServerBootstrap own = bootstrap
                .clone()
                .channelFactory(transport.server())
                .option(ChannelOption.SO_BACKLOG, ListenConfig.BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true);
        if (port.reusePort()) {
            own.option(EpollChannelOption.SO_REUSEPORT, true);
        }
        String what = "Cannot listen on " + port;
        return new Listener(List.of(opened(own.bind(port.host(), port.port()), what)), port.reusePort(), false);
    }

    private static List<Channel> adopt(ServerBootstrap bootstrap, List<Integer> inherited) {
        inherited.forEach(InheritedSockets::checkNonBlocking);
        List<Channel> channels = new ArrayList<>();
        for (int descriptor : inherited) {
            String what = "Cannot use the socket of the service manager, file descriptor " + descriptor;
            // It is bound and listens already: a channel of it has only to be given an event loop.
            channels.add(opened(
                    bootstrap
                            .clone()
                            .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                            .register(),
                    what));
        }
        return channels;
    }

    private static Channel opened(ChannelFuture opening, String what) {
        opening.awaitUninterruptibly();
        if (!opening.isSuccess()) {
            String why = String.valueOf(opening.cause().getMessage());
            String hint =
                    why.contains("Permission denied") ? "; ports below 1024 need root or CAP_NET_BIND_SERVICE" : "";
            throw new IllegalStateException(what + ": " + why + hint, opening.cause());
        }
        return opening.channel();
    }

    /** Begins to accept connections. */
    void accept() {
        channels.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** Returns true if the sockets are the service manager's, and stay open when this process closes them. */
    boolean isInherited() {
        return isInherited;
    }

    /** Returns the port that is listened on; of several sockets, the first one's. */
    public int port() {
        return ((InetSocketAddress) channels.get(0).localAddress()).getPort();
    }

    /**
     * Sends new connections to the predecessor's socket from now on: the predecessor goes on, and this process ends
     * before it has taken the place. Connections that are on their way here are still accepted.
     */
    void withdraw() {
        heir = ReusePortSteering.Heir.PREDECESSOR;
        if (shared) {
            ReusePortSteering.steer(channels.get(0), heir);
        }
    }

    /**
     * Accepts no more.
     *
     * @return completes when no further connection can come
     */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        if (shared && ReusePortSteering.steer(channels.get(0), heir)) {
            channels.get(0).eventLoop().schedule(() -> closeAll(closed), HANDSHAKE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            closeAll(closed);
        }
        return closed;
    }

    private void closeAll(CompletableFuture<Void> closed) {
        CompletableFuture<?>[] closings = channels.stream()
                .map(channel -> {
                    CompletableFuture<Void> closing = new CompletableFuture<>();
                    channel.close().addListener(done -> closing.complete(null));
                    return closing;
                })
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(closings).thenRun(() -> closed.complete(null));
    }
}
