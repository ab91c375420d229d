package dev.turnout.proxy.connection;

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
    private final Map<TargetState, Connections> targets = new HashMap<>();

    /** The connections to one target. */
    private static final class Connections {
        private final List<Http2TargetConnection> open = new ArrayList<>();
        private final Deque<Waiter> waiting = new ArrayDeque<>();
        private int opening;
        private int expectedStreams = EXPECTED_STREAMS;
    }

    Http2TargetPool(TargetContext targets, Connector connector) {
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

    /** Opens a connection, or shares one that is being opened. */
    void connect(TargetState target, Waiter waiter) {
        Connections connections = of(target);
        connections.waiting.add(waiter);
        if (connections.waiting.size() > connections.opening * connections.expectedStreams) {
            open(target, connections);
        }
    }

    private Connections of(TargetState target) {
        return targets.computeIfAbsent(target, first -> new Connections());
    }

    private void open(TargetState target, Connections connections) {
        Opening opening = new Opening(target, connections);
        connections.opening++;
        // As with HTTP/1: not in the course of handling an event, but after.
        context.targets().loop().eventLoop().execute(opening::start);
    }

    /** One connection that is being opened. */
    private final class Opening implements Connector.Listener, Http2TargetConnection.Keeper {

        private final TargetState target;
        private final Connections connections;
        private final Http2TargetConnection connection;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        Opening(TargetState target, Connections connections) {
            this.target = target;
            this.connections = connections;
            this.connection = new Http2TargetConnection(context, target, this);
        }

        void start() {
            connector.open(target.address(), connection, this);
        }

        @Override
        public void opened() {
            connection.begin();
        }

        @Override
        public void failed(Throwable cause) {
            notReady(cause);
        }

        @Override
        public void ready() {
            target.connected();
            connections.opening--;
            connections.open.add(connection);
            connections.expectedStreams = connection.mostStreams();
            serve(connection, target, connections);
            ended.complete(true);
        }

        @Override
        public void notReady(Throwable cause) {
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
            clean(target, connections);
        }
    }

    /** A request that goes again must not go over a connection that has refused it, so the new one serves alone. */
    private void serve(Http2TargetConnection connection, TargetState target, Connections connections) {
        while (connection.hasRoom() && !connections.waiting.isEmpty()) {
            TargetStream stream = connection.newStream(true);
            if (!connections.waiting.remove().opened(stream)) {
                stream.close();
            }
        }
        if (connections.waiting.isEmpty() || connections.opening > 0) {
            return;
        }
        if (connections.expectedStreams == 0) {
            refuse(connections, new IOException("The target takes no streams"));
        } else {
            open(target, connections);
        }
    }

    private static void refuse(Connections connections, Throwable cause) {
        List<Waiter> refused = List.copyOf(connections.waiting);
        connections.waiting.clear();
        refused.forEach(waiter -> waiter.failed(cause));
    }

    private void clean(TargetState target, Connections connections) {
        if (connections.open.isEmpty() && connections.waiting.isEmpty() && connections.opening == 0) {
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
        int[] left = {wanted, 0};
        for (int i = 0; i < wanted; i++) {
            Opening opening = new Opening(target, connections);
            connections.opening++;
            opening.ended.thenAccept(isOpen -> {
                left[1] += isOpen ? 1 : 0;
                if (--left[0] == 0) {
                    opened.complete(left[1]);
                }
            });
            opening.start();
        }
        if (wanted <= 0) {
            opened.complete(0);
        }
        return opened;
    }

    // --- Idle connections ------------------------------------------------------------------------------------------

    /** Closes idle connections. Returns how many, at most so many. */
    int closeIdle(int most) {
        return close(connection -> true, most);
    }

    /** Closes the idle connections to targets that get no new requests. */
    void closeOutOfRotation() {
        close(connection -> !connection.target().isInRotation(), Integer.MAX_VALUE);
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
        targets.values().forEach(connections -> connections.open.forEach(Http2TargetConnection::goOn));
    }
}
