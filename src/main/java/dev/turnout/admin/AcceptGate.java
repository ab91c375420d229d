package dev.turnout.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gate that accepts nobody before it is opened, and stops accepting while accepted connections wait for their event
 * loop. The acceptor is a separate, faster
 * thread. Without the gate it takes descriptors for connections that are not counted yet. Meanwhile clients wait in the
 * system's queue. Any thread.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {

    private static final int MOST_WAITING = 32;
    private static final int FEW_WAITING = 8;

    private final Set<Channel> servers = ConcurrentHashMap.newKeySet();
    private final Set<Channel> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean isOpen;

    /**
     * Adds this handler to the channels that listen on a port. Vert.x does not expose these channels. They accept
     * nobody until {@link #open}.
     */
    CompletionStage<Void> install(EventLoopGroup acceptors, int port) {
        List<CompletableFuture<Void>> installed = new ArrayList<>();
        for (EventExecutor acceptor : acceptors) {
            if (acceptor instanceof SingleThreadEventLoop loop) {
                installed.add(CompletableFuture.runAsync(() -> install(loop, port), loop));
            }
        }
        return CompletableFuture.allOf(installed.toArray(CompletableFuture[]::new));
    }

    private void install(SingleThreadEventLoop loop, int port) {
        for (Iterator<Channel> channels = loop.registeredChannelsIterator(); channels.hasNext(); ) {
            Channel channel = channels.next();
            if (channel instanceof ServerChannel
                    && channel.localAddress() instanceof InetSocketAddress address
                    && address.getPort() == port) {
                channel.pipeline().addFirst(this);
                channel.config().setAutoRead(false);
                servers.add(channel);
            }
        }
    }

    /** Has all channels accept from now on, as far as the gate lets them. */
    void open() {
        isOpen = true;
        servers.forEach(this::openIfFewWait);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        Channel accepted = (Channel) message;
        waiting.add(accepted);
        accepted.closeFuture().addListener(closed -> arrived(accepted));
        if (waiting.size() >= MOST_WAITING) {
            context.channel().config().setAutoRead(false);
            // All may have arrived just before, and then no arrival would open the gate again.
            openIfFewWait(context.channel());
        }
        super.channelRead(context, message);
    }

    /** Called when a connection has arrived on its event loop, or has ended. */
    void arrived(Channel accepted) {
        if (waiting.remove(accepted)) {
            openIfFewWait(accepted.parent());
        }
    }

    private void openIfFewWait(Channel server) {
        if (isOpen && waiting.size() <= FEW_WAITING && !server.config().isAutoRead()) {
            server.config().setAutoRead(true);
        }
    }
}
