package dev.turnout.proxy.listen;

import dev.turnout.proxy.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The listeners of all ports of the front. Any thread. */
public final class FrontSockets {

    private final Optional<Listener> plain;
    private final Optional<Https> https;

    /** The listener for HTTPS, with the port that the configuration names. */
    private record Https(FrontPort port, Listener listener) {}

    private FrontSockets(Optional<Listener> plain, Optional<Https> https) {
        this.plain = plain;
        this.https = https;
    }

    /**
     * Begins to listen; blocks until it does.
     *
     * @param plain for connections to the port for plain HTTP, with everything but the kind of channel
     * @param tls for connections to the port for HTTPS, with everything but the kind of channel
     * @throws IllegalStateException if that can't be done; the message says why
     */
    public static FrontSockets open(
            ListenSettings settings,
            InheritedSockets inherited,
            Transport transport,
            ServerBootstrap plain,
            ServerBootstrap tls) {
        refuseUnused(settings.plain(), inherited.plain(), "plain HTTP, which turnout.listen.plain=off switches off");
        refuseUnused(
                settings.tls(),
                inherited.tls(),
                "HTTPS, and there is no certificate: configure turnout.tls.certificates, turnout.tls.directory or"
                        + " turnout.acme");
        Optional<Listener> first =
                settings.plain().map(port -> Listener.open(plain, transport, port, inherited.plain()));
        try {
            Optional<Https> second =
                    settings.tls().map(port -> new Https(port, Listener.open(tls, transport, port, inherited.tls())));
            first.ifPresent(Listener::accept);
            second.ifPresent(https -> https.listener.accept());
            return new FrontSockets(first, second);
        } catch (IllegalStateException e) {
            first.ifPresent(Listener::withdraw);
            first.ifPresent(Listener::close);
            throw e;
        }
    }

    /** Connections to a socket that nobody accepts from would wait in vain. */
    private static void refuseUnused(Optional<FrontPort> port, List<Integer> inherited, String what) {
        if (port.isEmpty() && !inherited.isEmpty()) {
            throw new IllegalStateException("The service manager has opened a socket for " + what);
        }
    }

    /** Sockets that are ready to take the place of others. One of the methods is called, once. */
    public final class Prepared {

        private final Optional<Https> next;

        private Prepared(Optional<Https> next) {
            this.next = next;
        }

        /**
         * Begins to accept connections to the new port, and ends to accept connections to the old port. Open connections
         * stay open.
         *
         * @return what is listened on from now on
         */
        public FrontSockets apply() {
            next.filter(opened -> isNew()).ifPresent(opened -> opened.listener.accept());
            https.filter(before -> isNew()).ifPresent(before -> before.listener.close());
            return new FrontSockets(plain, next);
        }

        /** Closes what was opened. Clients that have connected to the new port are cut off. */
        public void giveUp() {
            next.filter(opened -> isNew()).ifPresent(opened -> opened.listener.close());
        }

        private boolean isNew() {
            return !next.equals(https);
        }
    }

    /**
     * Begins to listen on another port for HTTPS, or on none; blocks until it does. Nobody is accepted there yet.
     *
     * @param port the port for HTTPS from now on; sockets of the service manager stay as they are
     * @param tls for connections to the port, with everything but the kind of channel
     * @throws IllegalStateException if that can't be done; the message says why
     */
    public Prepared prepare(Optional<FrontPort> port, Transport transport, ServerBootstrap tls) {
        boolean isSame = port.equals(https.map(Https::port));
        if (isSame || port.isPresent() && isInherited()) {
            return new Prepared(https);
        }
        if (isInherited()) {
            throw new IllegalStateException("The service manager has opened the socket for HTTPS, and goes on listening"
                    + " there: remove its unit and restart Turnout to serve no HTTPS any more");
        }
        return new Prepared(port.map(next -> new Https(next, Listener.open(tls, transport, next, List.of()))));
    }

    private boolean isInherited() {
        return https.filter(open -> open.listener.isInherited()).isPresent();
    }

    /** Returns the port for plain HTTP that is listened on. */
    public Optional<Integer> plainPort() {
        return plain.map(Listener::port);
    }

    /** Returns the port for HTTPS that is listened on. */
    public Optional<Integer> tlsPort() {
        return https.map(open -> open.listener.port());
    }

    /** Sends new connections to the predecessor, see {@link Listener#withdraw}. */
    public void withdraw() {
        listeners().forEach(Listener::withdraw);
    }

    private Stream<Listener> listeners() {
        return Stream.of(plain, https.map(Https::listener)).flatMap(Optional::stream);
    }

    /**
     * Accepts no more.
     *
     * @return completes when no further connection can come
     */
    public CompletionStage<Void> close() {
        return CompletableFuture.allOf(listeners()
                .map(listener -> listener.close().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }
}
