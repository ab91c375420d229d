package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.TargetSource;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.tls.TargetWay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the exchanges of one event loop get their streams to targets from. Idle HTTP/1 connections are taken last in,
 * first out: the connection used last is the least likely to be stale. HTTP/2 connections are shared. A request for which
 * there may be no further connection waits in a {@link ConnectionQueue}. Event loop only.
 */
public final class TargetPool implements TargetSource, ConnectionQueue.Source {

    private final TargetContext context;
    private final Connector connector;
    private final Map<TargetState, Deque<Http1TargetConnection>> idle = new HashMap<>();
    private final OwnedConnections<Http1TargetConnection> owned = new OwnedConnections<>();
    private final Http2TargetPool shared;
    private final ConnectionQueue queue;

    public TargetPool(TargetContext context, Connector connector) {
        this.context = context;
        this.connector = connector;
        this.queue = new ConnectionQueue(context, this);
        this.shared = new Http2TargetPool(context, connector, queue);
    }

    @Override
    public @Nullable TargetStream take(TargetState target, ClientEnds client, boolean replayable) {
        return comesFirst(target) ? takeOpen(target, client, replayable) : null;
    }

    /**
     * Returns true if no request comes before a new one. Those that wait come before it; over HTTP/2, where streams are of
     * no use to other event loops, only those that wait on this one.
     */
    private boolean comesFirst(TargetState target) {
        return !target.connections().isWaitedFor() || target.protocol().isHttp2() && !queue.holds(target);
    }

    private @Nullable TargetStream takeOpen(TargetState target, ClientEnds client, boolean replayable) {
        if (target.protocol().isHttp2()) {
            return shared.take(target);
        }
        Http1TargetConnection connection;
        do {
            connection = way(target).namesClients() ? owned.take(target, client, replayable) : next(target, replayable);
        } while (connection != null && !connection.leaveIdle());
        return connection;
    }

    private TargetWay way(TargetState target) {
        return context.ways().of(target.service(), target.target());
    }

    /** If the connection used last is too fresh to be used, an older one is the better choice. */
    private @Nullable Http1TargetConnection next(TargetState target, boolean replayable) {
        Deque<Http1TargetConnection> connections = idle.get(target);
        if (connections == null || connections.isEmpty()) {
            return null;
        }
        if (connections.peekFirst().isUsable(replayable)) {
            return connections.pollFirst();
        }
        return connections.peekLast().isSettled() ? connections.pollLast() : null;
    }

    /** Keeps a connection that has nothing in flight. */
    void keep(Http1TargetConnection connection) {
        ClientEnds owner = connection.owner();
        if (owner == null) {
            idle.computeIfAbsent(connection.target(), target -> new ArrayDeque<>())
                    .push(connection);
        } else {
            owned.keep(connection, owner);
        }
        if (connection.target().connections().isWaitedFor()) {
            queue.serveSoon(connection.target());
        }
    }

    /** Forgets an idle connection that has ended. */
    void forget(Http1TargetConnection connection) {
        ClientEnds owner = connection.owner();
        Deque<Http1TargetConnection> connections = idle.get(connection.target());
        if (owner != null) {
            owned.forget(connection, owner);
        } else if (connections != null) {
            connections.remove(connection);
        }
    }

    /**
     * Opens a connection, not in the course of handling an event, but after. The number of a file descriptor that was
     * closed in that course would be given to the new socket, and an event of the old one, already fetched from epoll,
     * would end it.
     */
    @Override
    public @Nullable Place connect(TargetState target, ClientEnds client, Waiter waiter) {
        boolean isTurn = !target.connections().isWaitedFor();
        boolean isOpening = comesFirst(target) && open(target, client, waiter, isTurn);
        return isOpening ? null : queue.join(target, client, waiter);
    }

    private boolean open(TargetState target, ClientEnds client, Waiter waiter, boolean isTurn) {
        if (target.protocol().isHttp2()) {
            return shared.connect(target, client, waiter, isTurn);
        }
        if (!isTurn || !target.connections().tryOpen(0)) {
            return false;
        }
        context.loop().eventLoop().execute(() -> connectNow(target, client, waiter));
        return true;
    }

    private void connectNow(TargetState target, ClientEnds client, Waiter waiter) {
        TargetWay way = way(target);
        Http1TargetConnection connection =
                new Http1TargetConnection(context, this, target, way, way.namesClients() ? client : null);
        connection.counted();
        connector.open(target.address(), target.settings().connectMillis(), connection, new Connector.Listener() {
            @Override
            public void opened() {
                target.connected();
                if (!waiter.opened(connection)) {
                    connection.close();
                }
            }

            @Override
            public void failed(Throwable cause) {
                connection.giveUpPlace();
                waiter.failed(cause);
            }
        });
    }

    /** Returns how many idle connections to a target there are. */
    public int size(TargetState target) {
        return idleTo(target).size();
    }

    private List<Http1TargetConnection> idleTo(TargetState target) {
        return all().filter(connection -> connection.target() == target).toList();
    }

    /**
     * Opens connections that nobody needs yet. None to a target that is told whose each connection is.
     *
     * @param count for how many requests at a time
     * @return completes with how many are open, when all have been tried
     */
    public CompletableFuture<Integer> openAhead(TargetState target, int count) {
        if (target.protocol().isHttp2()) {
            return shared.openAhead(target, count);
        }
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        TargetWay way = way(target);
        if (way.namesClients()) {
            opened.complete(0);
            return opened;
        }
        int permitted = 0;
        while (permitted < count && target.connections().tryOpen(0)) {
            permitted++;
        }
        if (permitted == 0) {
            opened.complete(0);
        }
        int[] left = {permitted, 0};
        for (int i = 0; i < permitted; i++) {
            Http1TargetConnection connection = new Http1TargetConnection(context, this, target, way, null);
            connection.counted();
            connector.open(target.address(), target.settings().connectMillis(), connection, new Connector.Listener() {
                @Override
                public void opened() {
                    connection.standBy();
                    left[1]++;
                    ended();
                }

                @Override
                public void failed(Throwable cause) {
                    connection.giveUpPlace();
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
        List<Http1TargetConnection> closing =
                new ArrayList<>(owned.all().stream().limit(most).toList());
        for (Deque<Http1TargetConnection> connections : idle.values()) {
            Iterator<Http1TargetConnection> oldest = connections.descendingIterator();
            while (oldest.hasNext() && closing.size() < most) {
                closing.add(oldest.next());
            }
        }
        closing.forEach(Http1TargetConnection::close);
        return closing.size() + shared.closeIdle(most - closing.size());
    }

    // --- Requests that wait ----------------------------------------------------------------------------------------

    @Override
    public @Nullable TargetStream take(ConnectionQueue.Place place, boolean isTurn) {
        TargetState target = place.target();
        return isTurn || target.protocol().isHttp2()
                ? takeOpen(target, place.client(), place.waiter().isReplayable())
                : null;
    }

    @Override
    public boolean open(ConnectionQueue.Place place, boolean isTurn) {
        return open(place.target(), place.client(), place.waiter(), isTurn);
    }

    @Override
    public void giveUp(TargetState target, int most) {
        List<Http1TargetConnection> closing =
                idleTo(target).stream().limit(most).toList();
        closing.forEach(Http1TargetConnection::close);
        shared.giveUp(target, most - closing.size());
    }

    /** Gives what connections there are to the requests that wait for a target; closes idle ones if none waits here. */
    public void serve(TargetState target) {
        queue.serve(target);
    }

    /** Has each request that waits look for another target, since the routing has changed. */
    public void moveOn() {
        queue.moveOn();
    }

    /** Closes the idle connections to targets that get no new requests. Forgets the targets without idle connections. */
    public void closeOutOfRotation() {
        shared.closeOutOfRotation();
        all().filter(connection -> !connection.target().keepsConnections())
                .toList()
                .forEach(Http1TargetConnection::close);
        idle.values().removeIf(Deque::isEmpty);
    }

    /** Closes the idle connections to a target, which may be what keeps others waiting there. */
    public void makeRoom(TargetState target) {
        List<Http1TargetConnection> connections = idleTo(target);
        if (!connections.isEmpty()) {
            target.conduct().roomMade();
            connections.forEach(Http1TargetConnection::close);
        }
    }

    /** Closes all idle connections. */
    void closeAll() {
        shared.closeIdle(Integer.MAX_VALUE);
        all().toList().forEach(Http1TargetConnection::close);
    }

    private Stream<Http1TargetConnection> all() {
        return Stream.concat(idle.values().stream().flatMap(Deque::stream), owned.all().stream());
    }
}
