package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.TargetSource.Place;
import dev.turnout.proxy.exchange.TargetSource.Waiter;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.route.TargetState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to targets. Streams share a connection up to the target's limit; then there is
 * another connection. Event loop only.
 */
final class Http2TargetPool {

    /** So many streams a connection is expected to take of which nothing is known yet (RFC 9113, section 6.5.2). */
    private static final int EXPECTED_STREAMS = 100;

    private final Http2TargetContext context;
    private final Connector connector;
    private final ConnectionQueue queue;
    private final Map<TargetState, Connections> targets = new HashMap<>();

    /** A request for which a connection is being opened. */
    private record Waiting(ClientEnds client, Waiter waiter) {}

    /** The connections to one target. */
    private static final class Connections {
        private final List<Http2TargetConnection> open = new ArrayList<>();
        private final List<Http2TargetConnection> draining = new ArrayList<>();
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int opening;
        private int expectedStreams = EXPECTED_STREAMS;

        /** Returns true if no connection takes requests, now or soon. */
        boolean hasNone() {
            return open.isEmpty() && opening == 0;
        }
    }

    /** @param queue the requests for which there may be no further connection */
    Http2TargetPool(TargetContext targets, Connector connector, ConnectionQueue queue) {
        this.queue = queue;
        this.context = Http2TargetContext.of(targets);
        this.connector = connector;
        targets.loop().atTick("The windows to targets", this::goOn);
    }

    /** Returns a stream over an open connection. Null if there is none with room. */
    @Nullable
    TargetStream take(TargetState target) {
        Connections connections = targets.get(target);
        if (connections == null) {
            return null;
        }
        for (Http2TargetConnection connection : connections.open) {
            if (connection.hasRoom()) {
                return connection.newStream(false);
            }
        }
        return null;
    }

    /**
     * Opens a connection, or shares one that is being opened. Returns false if there may be no further one.
     *
     * @param isTurn false if a request on another event loop is next: no connection is opened that is counted
     */
    boolean connect(TargetState target, ClientEnds client, Waiter waiter, boolean isTurn) {
        Connections connections = of(target);
        boolean isShared = connections.waiting.size() < connections.opening * connections.expectedStreams;
        boolean mayOpen = isTurn || connections.hasNone();
        if (!isShared && !(mayOpen && open(target, connections))) {
            return false;
        }
        connections.waiting.add(new Waiting(client, waiter));
        return true;
    }

    private Connections of(TargetState target) {
        return targets.computeIfAbsent(target, first -> new Connections());
    }

    /** Opens a connection. Returns false if there may be no further one. */
    private boolean open(TargetState target, Connections connections) {
        Opening opening = next(target, connections);
        if (opening != null) {
            // As with HTTP/1: not in the course of handling an event, but after.
            context.targets().loop().eventLoop().execute(opening::start);
        }
        return opening != null;
    }

    /**
     * Returns the next connection, to be opened; null if there may be none. The first one of each event loop is not
     * counted: the requests of an event loop do not wait for a stream without an end on another one.
     */
    private @Nullable Opening next(TargetState target, Connections connections) {
        boolean isFirst = connections.hasNone();
        if (!isFirst && !target.connections().tryOpen(target.loops())) {
            return null;
        }
        Opening opening = new Opening(target, connections);
        if (!isFirst) {
            opening.connection.counted();
        }
        connections.opening++;
        return opening;
    }

    /** One connection that is being opened. */
    private final class Opening implements Connector.Listener, Http2TargetConnection.Keeper {

        private final TargetState target;
        private final Connections connections;
        private final Http2TargetConnection connection;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private boolean hasEnded;

        Opening(TargetState target, Connections connections) {
            this.target = target;
            this.connections = connections;
            this.connection = new Http2TargetConnection(context, target, this);
        }

        void start() {
            connector.open(target.address(), target.settings().connectMillis(), connection, this);
        }

        @Override
        public void opened() {
            connection.begin();
        }

        @Override
        public void failed(Throwable cause) {
            connection.giveUpPlace();
            notReady(cause);
        }

        @Override
        public void ready() {
            target.connected();
            hasEnded = true;
            connections.opening--;
            connections.open.add(connection);
            connections.expectedStreams = connection.mostStreams();
            target.takesEach(connection.mostStreams());
            serve(connection, target, connections);
            ended.complete(true);
        }

        /** A TLS handshake that fails is told, and then so is the end of its connection. */
        @Override
        public void notReady(Throwable cause) {
            if (hasEnded) {
                return;
            }
            hasEnded = true;
            connections.opening--;
            if (connections.opening == 0) {
                refuse(connections, cause);
            }
            clean(target, connections);
            ended.complete(false);
        }

        @Override
        public void drained() {
            connections.open.remove(connection);
            connections.draining.add(connection);
        }

        @Override
        public void ended() {
            connections.open.remove(connection);
            connections.draining.remove(connection);
            clean(target, connections);
        }

        @Override
        public void roomAgain() {
            queue.serveSoon(target);
        }
    }

    /** A request that goes again must not go over a connection that has refused it, so the new one serves alone. */
    private void serve(Http2TargetConnection connection, TargetState target, Connections connections) {
        while (connection.hasRoom() && !connections.waiting.isEmpty()) {
            TargetStream stream = connection.newStream(true);
            if (!connections.waiting.remove().waiter.opened(stream)) {
                stream.close();
            }
        }
        if (connections.waiting.isEmpty() || connections.opening > 0) {
            return;
        }
        if (connections.expectedStreams == 0) {
            refuse(connections, new IOException("The target takes no streams"));
        } else if (!open(target, connections)) {
            takeWaiting(connections).forEach(waiting -> requeue(target, waiting));
        }
    }

    private static void refuse(Connections connections, Throwable cause) {
        takeWaiting(connections).forEach(waiting -> waiting.waiter.failed(cause));
    }

    private static List<Waiting> takeWaiting(Connections connections) {
        List<Waiting> taken = List.copyOf(connections.waiting);
        connections.waiting.clear();
        return taken;
    }

    /** A connection takes fewer streams than was expected, and there may be no further one: the rest waits. */
    private void requeue(TargetState target, Waiting waiting) {
        Place place = queue.join(target, waiting.client, waiting.waiter);
        if (place != null) {
            waiting.waiter.queued(place);
        }
    }

    private void clean(TargetState target, Connections connections) {
        if (connections.hasNone() && connections.draining.isEmpty() && connections.waiting.isEmpty()) {
            targets.remove(target, connections);
        }
    }

    /**
     * Opens connections that nobody needs yet, for so many streams.
     *
     * @return completes with how many were opened, when all have been tried
     */
    CompletableFuture<Integer> openAhead(TargetState target, int streams) {
        Connections connections = of(target);
        int expected = Math.max(1, connections.expectedStreams);
        int wanted = (streams + expected - 1) / expected - connections.open.size() - connections.opening;
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        List<Opening> openings = new ArrayList<>();
        for (Opening next = null; openings.size() < wanted; openings.add(next)) {
            next = next(target, connections);
            if (next == null) {
                break;
            }
        }
        int[] left = {openings.size(), 0};
        for (Opening opening : openings) {
            opening.ended.thenAccept(isOpen -> {
                left[1] += isOpen ? 1 : 0;
                if (--left[0] == 0) {
                    opened.complete(left[1]);
                }
            });
            opening.start();
        }
        if (openings.isEmpty()) {
            opened.complete(0);
        }
        return opened;
    }

    // --- Idle connections ------------------------------------------------------------------------------------------

    /** Closes idle connections. Returns how many, at most so many. */
    int closeIdle(int most) {
        return close(connection -> true, most);
    }

    /** Closes idle connections to a target that are counted among those that there may be. At most so many. */
    void giveUp(TargetState target, int most) {
        close(connection -> connection.target() == target && connection.isCounted(), most);
    }

    /** Closes the idle connections to targets that get no new requests. */
    void closeOutOfRotation() {
        close(connection -> !connection.target().keepsConnections(), Integer.MAX_VALUE);
    }

    private int close(Predicate<Http2TargetConnection> which, int most) {
        List<Http2TargetConnection> closing = targets.values().stream()
                .flatMap(connections -> connections.open.stream())
                .filter(connection -> connection.isIdle() && which.test(connection))
                .limit(most)
                .toList();
        closing.forEach(Http2TargetConnection::close);
        return closing.size();
    }

    private void goOn() {
        for (Connections connections : targets.values()) {
            connections.open.forEach(Http2TargetConnection::goOn);
            connections.draining.forEach(Http2TargetConnection::goOn);
        }
    }
}
