package dev.turnout.proxy;

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

/**
 * The idle target connections of one event loop, taken last in, first out: the one used last is the one least likely to
 * be stale. To be used on its event loop only.
 */
final class TargetPool {

    private final TargetContext context;
    private final Connector connector;
    private final Map<TargetState, Deque<TargetConnection>> idle = new HashMap<>();

    TargetPool(TargetContext context, Connector connector) {
        this.context = context;
        this.connector = connector;
    }

    /**
     * Returns an idle connection to a target, which is the caller's from now on; null if there is none to be trusted.
     *
     * @param replayable whether the request can go again if the target has just closed the connection
     */
    TargetConnection take(TargetState upstream, boolean replayable) {
        Deque<TargetConnection> connections = idle.get(upstream);
        while (connections != null && !connections.isEmpty()) {
            TargetConnection connection = next(connections, upstream.conduct(), replayable);
            if (connection == null || connection.leaveIdle()) {
                return connection;
            }
        }
        return null;
    }

    /** The one used last is the least likely to be stale, unless it is so fresh that this target may be closing it. */
    private static TargetConnection next(
            Deque<TargetConnection> connections, TargetConduct conduct, boolean replayable) {
        TargetConnection youngest = connections.peekFirst();
        if (conduct.trustsAtOnce(replayable, youngest.hadContentBefore()) || youngest.isSettled()) {
            return connections.pollFirst();
        }
        return connections.peekLast().isSettled() ? connections.pollLast() : null;
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
    void connect(TargetState upstream, Exchange exchange) {
        context.loop().eventLoop().execute(() -> connectNow(upstream, exchange));
    }

    private void connectNow(TargetState upstream, Exchange exchange) {
        TargetConnection connection = new TargetConnection(context, this, upstream);
        connector.open(upstream.address(), connection, new Connector.Listener() {
            @Override
            public void opened() {
                upstream.connected();
                if (!exchange.attach(connection)) {
                    connection.close();
                }
            }

            @Override
            public void failed(Throwable cause) {
                exchange.connectFailed(cause);
            }
        });
    }

    /** How many idle connections to a target there are. */
    int size(TargetState upstream) {
        Deque<TargetConnection> connections = idle.get(upstream);
        return connections == null ? 0 : connections.size();
    }

    /**
     * Opens connections that nobody needs yet.
     *
     * @return completes with how many are open, when all have been tried
     */
    CompletableFuture<Integer> openAhead(TargetState upstream, int count) {
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        int[] left = {count, 0};
        for (int i = 0; i < count; i++) {
            TargetConnection connection = new TargetConnection(context, this, upstream);
            connector.open(upstream.address(), connection, new Connector.Listener() {
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
    int closeOldest(int most) {
        List<TargetConnection> closing = new ArrayList<>();
        for (Deque<TargetConnection> connections : idle.values()) {
            Iterator<TargetConnection> oldest = connections.descendingIterator();
            while (oldest.hasNext() && closing.size() < most) {
                closing.add(oldest.next());
            }
        }
        closing.forEach(TargetConnection::close);
        return closing.size();
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

    /** Closes the idle connections to a target, which may be what keeps others waiting there. */
    void makeRoom(TargetState upstream) {
        Deque<TargetConnection> connections = idle.get(upstream);
        if (connections != null && !connections.isEmpty()) {
            upstream.conduct().roomMade();
            List.copyOf(connections).forEach(TargetConnection::close);
        }
    }

    /** Closes all idle connections. */
    void closeAll() {
        List<TargetConnection> closing = new ArrayList<>();
        idle.values().forEach(closing::addAll);
        closing.forEach(TargetConnection::close);
    }
}
