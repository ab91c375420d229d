package dev.turnout.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.resolver.AddressResolverGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The idle target connections of one event loop, taken last in, first out: the one used last is the one least likely to
 * be stale. To be used on its event loop only.
 */
final class TargetPool {

    private final Worker worker;
    private final Bootstrap bootstrap;
    private final Map<Upstream, Deque<TargetConnection>> idle = new HashMap<>();

    TargetPool(Worker worker, Transport transport, AddressResolverGroup<?> resolver) {
        this.worker = worker;
        this.bootstrap = new Bootstrap()
                .group(worker.loop())
                .channelFactory(transport.client())
                .resolver(resolver)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, worker.settings().connectMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A target may answer and close while a body is still being sent: its answer is to be read first.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffers.waterMark())
                .option(ChannelOption.RCVBUF_ALLOCATOR, Buffers.receive(worker.buffers()));
    }

    /** An idle connection to a target, which is the caller's from now on; null if there is none. */
    TargetConnection take(Upstream upstream) {
        Deque<TargetConnection> connections = idle.get(upstream);
        while (connections != null && !connections.isEmpty()) {
            TargetConnection connection = connections.pop();
            if (connection.leaveIdle()) {
                return connection;
            }
        }
        return null;
    }

    /** Keeps a connection that has nothing in flight. */
    void keep(TargetConnection connection) {
        idle.computeIfAbsent(connection.upstream(), upstream -> new ArrayDeque<>())
                .push(connection);
    }

    /** Forgets an idle connection that has ended. */
    void forget(TargetConnection connection) {
        Deque<TargetConnection> connections = idle.get(connection.upstream());
        if (connections != null) {
            connections.remove(connection);
        }
    }

    /**
     * Opens a connection for an exchange, which is told when it is there or cannot be had.
     *
     * <p>Not in the course of handling an event, but after: the number of a file descriptor that was closed in that
     * course would be given to the new socket, and an event of the old one, already fetched from epoll, would end it.
     */
    void connect(Upstream upstream, Exchange exchange) {
        worker.loop().execute(() -> connectNow(upstream, exchange));
    }

    private void connectNow(Upstream upstream, Exchange exchange) {
        TargetConnection connection = new TargetConnection(worker, upstream);
        ChannelFuture connecting = bootstrap.clone().handler(connection).connect(upstream.address());
        connecting.addListener(future -> {
            if (!future.isSuccess()) {
                exchange.connectFailed(future.cause());
                return;
            }
            upstream.connected();
            if (!exchange.attach(connection)) {
                connection.close();
            }
        });
    }

    /** How many idle connections to a target there are. */
    int size(Upstream upstream) {
        Deque<TargetConnection> connections = idle.get(upstream);
        return connections == null ? 0 : connections.size();
    }

    /**
     * Opens connections that nobody needs yet.
     *
     * @return completes with how many are open, when all have been tried
     */
    CompletableFuture<Integer> openAhead(Upstream upstream, int count) {
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        int[] left = {count, 0};
        for (int i = 0; i < count; i++) {
            TargetConnection connection = new TargetConnection(worker, upstream);
            bootstrap.clone().handler(connection).connect(upstream.address()).addListener(future -> {
                if (future.isSuccess()) {
                    connection.standBy();
                    left[1]++;
                }
                if (--left[0] == 0) {
                    opened.complete(left[1]);
                }
            });
        }
        return opened;
    }

    /** Closes the idle connections to targets that get no new requests. */
    void closeOutOfRotation() {
        List<TargetConnection> closing = new ArrayList<>();
        idle.forEach((upstream, connections) -> {
            if (!upstream.isInRotation()) {
                closing.addAll(connections);
            }
        });
        closing.forEach(TargetConnection::close);
    }

    /** Closes all idle connections. */
    void closeAll() {
        List<TargetConnection> closing = new ArrayList<>();
        idle.values().forEach(closing::addAll);
        closing.forEach(TargetConnection::close);
    }
}
