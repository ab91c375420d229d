package dev.turnout.proxy;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.listen.AcceptBackoff;
import dev.turnout.proxy.listen.ClientPipeline;
import dev.turnout.proxy.listen.FrontBootstrap;
import dev.turnout.proxy.listen.FrontSockets;
import dev.turnout.proxy.listen.HeaderRefusals;
import dev.turnout.proxy.listen.InheritedSockets;
import dev.turnout.proxy.listen.ListenSettings;
import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where clients connect: the sockets that are listened on, and what an accepted connection passes through. Any thread. */
final class ClientPorts {

    private final Transport transport;
    private final Descriptors descriptors;
    private final BufferBudget buffers;
    private final HeaderRefusals headerRefusals = new HeaderRefusals(System::nanoTime);
    private volatile @Nullable FrontSockets sockets;

    ClientPorts(Transport transport, Descriptors descriptors, BufferBudget buffers) {
        this.transport = transport;
        this.descriptors = descriptors;
        this.buffers = buffers;
    }

    /**
     * Begins to listen; blocks until it does.
     *
     * @param loops that serve the clients
     * @throws IllegalStateException if that can't be done; the message says why
     */
    void open(ListenSettings settings, EventLoops loops) {
        InheritedSockets inherited =
                InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
        ClientPipeline plain =
                ClientPipeline.plain(channel -> loops.of(channel.eventLoop()).connections(), headerRefusals);
        sockets = FrontSockets.open(settings, inherited, transport, bootstrap(plain, loops), tls(loops));
    }

    /**
     * Begins to listen on the port for HTTPS of other settings; blocks until it does. Nobody is accepted there yet.
     *
     * @throws IllegalStateException if that can't be done; the message says why
     */
    FrontSockets.Prepared prepare(ListenSettings settings, EventLoops loops) {
        return requireNonNull(sockets, "not started").prepare(settings.tls(), transport, tls(loops));
    }

    /** Accepts where other settings say from now on. */
    void apply(FrontSockets.Prepared prepared) {
        sockets = prepared.apply();
    }

    private ServerBootstrap tls(EventLoops loops) {
        return bootstrap(
                ClientPipeline.tls(channel -> loops.of(channel.eventLoop()).handshakes(), headerRefusals), loops);
    }

    private ServerBootstrap bootstrap(ClientPipeline clients, EventLoops loops) {
        FrontBootstrap bootstrap = new FrontBootstrap(
                () -> new AcceptBackoff(
                        descriptors, loops::freeDescriptors, () -> loops.onAll(ServingLoop::closeLongIdleClients)),
                clients);
        return bootstrap.bootstrap(loops.group(), buffers);
    }

    /** Returns the port for plain HTTP that is listened on. */
    Optional<Integer> plainPort() {
        return requireNonNull(sockets, "not started").plainPort();
    }

    /** Returns the port for HTTPS that is listened on. */
    Optional<Integer> tlsPort() {
        return requireNonNull(sockets, "not started").tlsPort();
    }

    /** Returns the port for plain HTTP; 0 if none is listened on, or none yet. */
    int plainPortNow() {
        return port(FrontSockets::plainPort);
    }

    /** Returns the port for HTTPS; 0 if none is listened on, or none yet. */
    int tlsPortNow() {
        return port(FrontSockets::tlsPort);
    }

    private int port(Function<FrontSockets, Optional<Integer>> of) {
        FrontSockets open = sockets;
        return open == null ? 0 : of.apply(open).orElse(0);
    }

    /** Returns what is listened on; empty before the start. */
    Optional<FrontSockets> sockets() {
        return Optional.ofNullable(sockets);
    }

    /** Returns the counts of connections that were closed for their header of the PROXY protocol. */
    HeaderRefusals headerRefusals() {
        return headerRefusals;
    }
}
