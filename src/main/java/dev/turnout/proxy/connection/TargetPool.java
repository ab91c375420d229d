package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.TargetSource;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.proxy.route.TargetState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where the exchanges of one event loop get their streams to targets from. Idle HTTP/1 connections are taken last in,
 * first out: the connection used last is the least likely to be stale. HTTP/2 connections are shared. Event loop only.
 */
public final class TargetPool implements TargetSource {

    private final TargetContext context;
    private final Connector connector;
    private final Map<TargetState, Deque<Http1TargetConnection>> idle = new HashMap<>();
    private final Http2TargetPool shared;

    public TargetPool(TargetContext context, Connector connector) {
        this.context = context;
        this.connector = connector;
        this.shared = new Http2TargetPool(context, connector);
    }

    @Override
    public @Nullable TargetStream take(TargetState target, boolean replayable) {
        if (target.protocol().isHttp2()) {
            return shared.take(target);
        }
        Deque<Http1TargetConnection> connections = idle.get(target);
        while (connections != null && !connections.isEmpty()) {
            Http1TargetConnection connection = next(connections, target.conduct(), replayable);
            if (connection == null || connection.leaveIdle()) {
                return connection;
            }
        }
        return null;
    }

    /** The connection used last may be so fresh that this target is closing it: then an older one is the better choice. */
    private static @Nullable Http1TargetConnection next(
            Deque<Http1TargetConnection> connections, TargetConduct conduct, boolean replayable) {
        Http1TargetConnection youngest = connections.peekFirst();
        if (conduct.trustsAtOnce(replayable, youngest.hadContentBefore()) || youngest.isSettled()) {
            return connections.pollFirst();
        }
        return connections.peekLast().isSettled() ? connections.pollLast() : null;
    }

    /** Keeps a connection that has nothing in flight. */
    void keep(Http1TargetConnection connection) {
        idle.computeIfAbsent(connection.target(), target -> new ArrayDeque<>()).push(connection);
    }

    /** Forgets an idle connection that has ended. */
    void forget(Http1TargetConnection connection) {
        Deque<Http1TargetConnection> connections = idle.get(connection.target());
        if (connections != null) {
            connections.remove(connection);
        }
    }

    /**
     * Opens a connection, not in the course of handling an event, but after. The number of a file descriptor that was
     * closed in that course would be given to the new socket, and an event of the old one, already fetched from epoll,
     * would end it.
     */
    @Override
    public void connect(TargetState target, Waiter waiter) {
        if (target.protocol().isHttp2()) {
            shared.connect(target, waiter);
        } else {
            context.loop().eventLoop().execute(() -> connectNow(target, waiter));
        }
    }

    private void connectNow(TargetState target, Waiter waiter) {
        Http1TargetConnection connection = new Http1TargetConnection(context, this, target);
        connector.open(target.address(), connection, new Connector.Listener() {
            @Override
            public void opened() {
                target.connected();
                if (!waiter.opened(connection)) {
                    connection.close();
                }
            }

            @Override
            public void failed(Throwable cause) {
                waiter.failed(cause);
            }
        });
    }

    /** Returns how many idle connections to a target there are. */
    public int size(TargetState target) {
        Deque<Http1TargetConnection> connections = idle.get(target);
        return connections == null ? 0 : connections.size();
    }

    /**
     * Opens connections that nobody needs yet.
     *
     * @param count for how many requests at a time
     * @return completes with how many are open, when all have been tried
     */
    public CompletableFuture<Integer> openAhead(TargetState target, int count) {
        if (target.protocol().isHttp2()) {
            return shared.openAhead(target, count);
        }
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        int[] left = {count, 0};
        for (int i = 0; i < count; i++) {
            Http1TargetConnection connection = new Http1TargetConnection(context, this, target);
            connector.open(target.address(), connection, new Connector.Listener() {
                @Override
                public void opened() {
                    connection.standBy();
                    left[1]++;
                    ended();
                }

                @Override
                public void failed(Throwable cause) {
                    ended();
                }

                private void ended() {
                    if (--left[0] == 0) {
                        opened.complete(left[1]);
                    }
                }
            });
        }
        return opened;
    }

    /**
     * Closes idle connections, the longest unused of each target first.
     *
     * @param most how many at the most
     * @return how many were closed
     */
    public int closeOldest(int most) {
        List<Http1TargetConnection> closing = new ArrayList<>();
        for (Deque<Http1TargetConnection> connections : idle.values()) {
            Iterator<Http1TargetConnection> oldest = connections.descendingIterator();
            while (oldest.hasNext() && closing.size() < most) {
                closing.add(oldest.next());
            }
        }
        closing.forEach(Http1TargetConnection::close);
        return closing.size() + shared.closeIdle(most - closing.size());
    }

    /** Closes the idle connections to targets that get no new requests. */
    public void closeOutOfRotation() {
        shared.closeOutOfRotation();
        List<Http1TargetConnection> closing = new ArrayList<>();
        idle.forEach((target, connections) -> {
            if (!target.isInRotation()) {
                closing.addAll(connections);
            }
        });
        closing.forEach(Http1TargetConnection::close);
    }

    /** Closes the idle connections to a target, which may be what keeps others waiting there. */
    public void makeRoom(TargetState target) {
        Deque<Http1TargetConnection> connections = idle.get(target);
        if (connections != null && !connections.isEmpty()) {
            target.conduct().roomMade();
            List.copyOf(connections).forEach(Http1TargetConnection::close);
        }
    }

    /** Closes all idle connections. */
    void closeAll() {
        shared.closeIdle(Integer.MAX_VALUE);
        List<Http1TargetConnection> closing = new ArrayList<>();
        idle.values().forEach(closing::addAll);
        closing.forEach(Http1TargetConnection::close);
    }
}
