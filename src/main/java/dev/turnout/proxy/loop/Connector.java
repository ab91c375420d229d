package dev.turnout.proxy.loop;

import dev.turnout.config.SystemShortage;
import dev.turnout.config.ThreadShortage;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to targets: the look-up of a name, the connect and the TLS handshake together, within one time.
 *
 * <p>Netty's bootstrap reports a socket that could not be made on a thread of its own, so sockets are made here. Event
 * loop only, and everything is reported there.
 */
public final class Connector {

    /** How long a request waits for the descriptors of idle connections that other event loops close. */
    private static final long SECOND_TRY_MILLIS = 50;

    private final LoopContext loop;
    private final ChannelFactory<? extends Channel> sockets;
    private final @Nullable ChannelFactory<? extends Channel> localSockets;
    private final Names names;
    private final IdleConnections idle;
    private final Map<String, List<LookUp>> lookUps = new HashMap<>();
    private final ThreadShortage shortage = new ThreadShortage("to look up names");
    private final Bootstrap bootstrap;

    public Connector(LoopContext loop, Transport transport, Names names, IdleConnections idle) {
        this.loop = loop;
        this.sockets = transport.client();
        this.localSockets = transport.local();
        this.names = names;
        this.idle = idle;
        this.bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A target may answer and close while a body is still being sent: its answer is to be read first.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffers.waterMark())
                .option(ChannelOption.MESSAGE_SIZE_ESTIMATOR, PipedBytes.estimator());
    }

    /** Looks up the address of a name, on a thread that may wait. */
    @FunctionalInterface
    public interface Names {

        Future<InetAddress> lookUp(String name);
    }

    /** The idle connections that give up their descriptors when a descriptor is missing. */
    public interface IdleConnections {

        /** Closes some idle connections of this event loop. Returns false if there are none. */
        boolean closeHere();

        /** Closes some idle connections of all event loops, soon. */
        void closeEverywhere();
    }

    /** What is told of one connection. Exactly one of its methods is called, once. */
    public interface Listener {

        void opened();

        /** @param cause a {@link Descriptors.Missing} if the reason is on this side */
        void failed(Throwable cause);
    }

    /** The user of a connection: the last handler of its channel. */
    public interface User extends ChannelHandler {

        /** Returns what the connection begins with, before TLS; null for nothing. Called once for each connection. */
        default byte @Nullable [] beginning() {
            return null;
        }

        /**
         * Returns the handler of TLS that the connection gets once it is open; null for a plain connection. Called once
         * for each connection.
         */
        @Nullable
        SslHandler encryption(ByteBufAllocator allocator);
    }

    /**
     * Opens a connection to an address, to a name that is looked up first, or to a Unix socket. It is open when TLS is
     * agreed.
     *
     * @param millis how long that may take. Milliseconds.
     */
    public void open(SocketAddress address, int millis, User user, Listener listener) {
        if (address instanceof InetSocketAddress name && name.isUnresolved()) {
            new LookUp(name, millis, user, listener).start();
        } else if (address instanceof InetSocketAddress) {
            connect(new Way(sockets, address), user, millis, listener);
        } else if (localSockets != null) {
            connect(new Way(localSockets, address), user, millis, listener);
        } else {
            listener.failed(new ConnectException(Transport.noUnixSockets()));
        }
    }

    /**
     * Where to, and over which kind of sockets.
     *
     * @param sockets makes them
     */
    private record Way(ChannelFactory<? extends Channel> sockets, SocketAddress address) {

        Bootstrap fit(Bootstrap one) {
            // A socket of this machine has no packets, and Netty warns of options that it does not know.
            return address instanceof InetSocketAddress
                    ? one
                    : one.option(ChannelOption.TCP_NODELAY, null).option(ChannelOption.SO_KEEPALIVE, null);
        }
    }

    private void connect(Way way, User user, int millis, Listener listener) {
        Channel socket = socket(way);
        if (socket == null) {
            idle.closeEverywhere();
            loop.eventLoop()
                    .schedule(
                            () -> connectAgain(way, user, millis, listener), SECOND_TRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            connect(socket, way, user, millis, listener);
        }
    }

    private void connectAgain(Way way, User user, int millis, Listener listener) {
        try {
            connect(way.sockets().newChannel(), way, user, millis, listener);
        } catch (ChannelException e) {
            listener.failed(new Descriptors.Missing(e));
        }
    }

    /** Returns a new socket; null if there is none even after idle connections of this event loop were closed. */
    private @Nullable Channel socket(Way way) {
        try {
            return way.sockets().newChannel();
        } catch (ChannelException e) {
            return idle.closeHere() ? socketAfterAll(way) : null;
        }
    }

    private @Nullable Channel socketAfterAll(Way way) {
        try {
            return way.sockets().newChannel();
        } catch (ChannelException e) {
            return null;
        }
    }

    private void connect(Channel socket, Way way, User user, int millis, Listener listener) {
        Bootstrap one = way.fit(bootstrap.clone()).channelFactory(() -> socket).handler(user);
        one.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
        one.option(ChannelOption.RCVBUF_ALLOCATOR, Buffers.receive(loop));
        long deadline = Deadlines.now() + millis;
        one.connect(way.address()).addListener(loop.onLoop(connected -> {
            if (connected.isSuccess()) {
                begin(socket, user);
                encrypt(socket, user, deadline, listener);
            } else {
                listener.failed(connected.cause());
            }
        }));
    }

    /** Writes what comes before TLS. It is flushed with the handshake, or with the first request. */
    private static void begin(Channel socket, User user) {
        byte[] beginning = user.beginning();
        if (beginning != null) {
            socket.write(Unpooled.wrappedBuffer(beginning), socket.voidPromise());
        }
    }

    private void encrypt(Channel socket, User user, long deadline, Listener listener) {
        SslHandler ssl = user.encryption(socket.alloc());
        if (ssl == null) {
            listener.opened();
            return;
        }
        ssl.setHandshakeTimeoutMillis(Math.max(1, deadline - Deadlines.now()));
        socket.pipeline().addFirst(ssl);
        ssl.handshakeFuture().addListener(loop.onLoop(agreed -> {
            if (agreed.isSuccess()) {
                listener.opened();
            } else {
                socket.close();
                listener.failed(reason(agreed.cause()));
            }
        }));
    }

    private static Throwable reason(Throwable failure) {
        return failure instanceof SslHandshakeTimeoutException
                ? new ConnectTimeoutException("the TLS handshake took too long")
                : failure;
    }

    /** Looks up a name once for all that wait for it. */
    private void lookUp(String name) {
        begun(name)
                .onComplete(found -> loop.runOnLoop(() -> {
                    for (LookUp waiting : Objects.requireNonNull(lookUps.remove(name))) {
                        Isolated.run("A look-up", () -> waiting.ended(found));
                    }
                }));
    }

    /** Begins a look-up. One that gets no thread has failed. Quarkus' pool refuses its task then. */
    private Future<InetAddress> begun(String name) {
        try {
            return names.lookUp(name);
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            shortage.noted(e);
            return Future.failedFuture(e);
        }
    }

    /** One name that is being looked up for one connection. */
    private final class LookUp extends Deadlines.Entry {

        private final InetSocketAddress name;
        private final User user;
        private final Listener listener;
        private final int millis;
        private final long deadline;
        private boolean ended;

        LookUp(InetSocketAddress name, int millis, User user, Listener listener) {
            this.name = name;
            this.millis = millis;
            this.deadline = Deadlines.now() + millis;
            this.user = user;
            this.listener = listener;
        }

        void start() {
            loop.deadlines().arm(this, millis);
            List<LookUp> waiting = lookUps.computeIfAbsent(name.getHostString(), host -> new ArrayList<>());
            waiting.add(this);
            if (waiting.size() == 1) {
                lookUp(name.getHostString());
            }
        }

        private void ended(AsyncResult<InetAddress> found) {
            if (ended) {
                return;
            }
            end();
            if (found.succeeded()) {
                int left = (int) Math.max(1, deadline - Deadlines.now());
                connect(new Way(sockets, new InetSocketAddress(found.result(), name.getPort())), user, left, listener);
            } else if (SystemShortage.isOfDescriptors(found.cause())) {
                listener.failed(new Descriptors.Missing(found.cause()));
            } else {
                listener.failed(found.cause());
            }
        }

        private void end() {
            ended = true;
            loop.deadlines().remove(this);
        }

        @Override
        protected void timedOut() {
            end();
            listener.failed(new ConnectTimeoutException("look-up of " + name.getHostString() + " timed out"));
        }
    }
}
