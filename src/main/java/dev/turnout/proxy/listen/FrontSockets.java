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
    private final Optional<Listener> tls;

    private FrontSockets(Optional<Listener> plain, Optional<Listener> tls) {
        this.plain = plain;
        this.tls = tls;
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
            Optional<Listener> second =
                    settings.tls().map(port -> Listener.open(tls, transport, port, inherited.tls()));
            return new FrontSockets(first, second);
        } catch (IllegalStateException e) {
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

    /** Returns the port for plain HTTP that is listened on. */
    public Optional<Integer> plainPort() {
        return plain.map(Listener::port);
    }

    /** Returns the port for HTTPS that is listened on. */
    public Optional<Integer> tlsPort() {
        return tls.map(Listener::port);
    }

    /**
     * Accepts no more.
     *
     * @return completes when no further connection can come
     */
    public CompletionStage<Void> close() {
        return CompletableFuture.allOf(Stream.of(plain, tls)
                .flatMap(Optional::stream)
                .map(listener -> listener.close().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }
}
