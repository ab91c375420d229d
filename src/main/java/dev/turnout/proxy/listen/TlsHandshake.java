package dev.turnout.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.connection.ClientConnection;
import dev.turnout.proxy.connection.ClientDemand;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.Http1ClientConnection;
import dev.turnout.proxy.connection.Http2ClientConnection;
import dev.turnout.proxy.connection.OpenConnection;
import dev.turnout.proxy.connection.Peer;
import dev.turnout.proxy.connection.PlainEnd;
import dev.turnout.proxy.connection.TlsEnd;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.tls.Choice;
import dev.turnout.tls.ClientAuthPolicy;
import dev.turnout.tls.CoveredNames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection from its first byte to the end of its TLS handshake. Event loop only.
 *
 * <ol>
 *   <li>The ClientHello comes, in any number of pieces, and is kept.
 *   <li>It is asked for a {@link Choice}. The bytes then go to the handler of TLS, which from now on stands before this
 *       one.
 *   <li>The handshake is done: the connection of the protocol that was agreed on takes this one's place.
 * </ol>
 *
 * <p>One time-out holds for all of it. What a client does wrong is counted, and told in the log at debug only: anybody can
 * send it.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter implements OpenConnection {

    private static final Logger LOG = Logger.getLogger(TlsHandshake.class);

    private final HandshakeContext handshakes;
    private final ConnectionContext context;
    private final DuplexChannel channel;
    private final Peer peer;
    private final Deadlines.Entry deadline = new Deadline();
    private final long startedNanos = System.nanoTime();
    private final long startedMillis = System.currentTimeMillis();
    private final ReceivedHello hello;
    private @Nullable SslHandler ssl;
    private boolean isChallenge;
    private ClientAuthPolicy policy = ClientAuthPolicy.NONE;
    private CoveredNames names = CoveredNames.ALL;
    private boolean ended;

    TlsHandshake(HandshakeContext handshakes, DuplexChannel channel, Peer peer) {
        this.handshakes = handshakes;
        this.context = handshakes.connections();
        this.channel = channel;
        this.peer = peer;
        this.hello = new ReceivedHello(handshakes, this, peer);
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (!ended) {
                count(HandshakeResult.TIMEOUT);
            }
            closeNow();
        }
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext handler) {
        if (context.clients().add(this) > context.settings().limit()) {
            context.admission()
                    .observe(
                            LocalReplies.TOO_MANY_CONNECTIONS,
                            peer.secure(context.settings()),
                            Http1ClientConnection.PROTOCOL);
            fail(HandshakeResult.TURNED_AWAY);
        } else {
            arm(context.settings().handshakeMillis());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (ended || ssl != null) {
            in.release();
            return;
        }
        switch (hello.take(in, channel.alloc())) {
            case INCOMPLETE -> {}
            case COMPLETE -> choose();
            case NOT_TLS -> notTls();
            case BROKEN, TOO_LONG -> alert(HandshakeResult.BROKEN, TlsAlert.DECODE_ERROR);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                done();
            } else {
                failed(completion.cause());
            }
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(HandshakeResult.CLOSED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        fail(HandshakeResult.CLOSED);
        context.clients().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else {
            tell(cause);
        }
        fail(HandshakeResult.FAILED);
    }

    /** The handler of TLS closes, behind the alert that says why. */
    private void failed(Throwable cause) {
        tell(cause);
        if (!ended) {
            count(HandshakeResult.FAILED);
            arm(ConnectionContext.STOP_GRACE_MILLIS);
        }
    }

    private void tell(Throwable cause) {
        LOG.debugf("A TLS handshake of %s failed: %s", peer.client(), cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext handler) {
        forget();
    }

    // --- The ClientHello -------------------------------------------------------------------------------------------

    private void choose() {
        Choice choice = handshakes.shared().choices().choose(handshakes.hello());
        if (choice instanceof Choice.Serve serve) {
            begin(serve);
        } else if (choice instanceof Choice.Refuse) {
            alert(HandshakeResult.UNKNOWN_NAME, TlsAlert.UNRECOGNIZED_NAME);
        } else {
            alert(HandshakeResult.NO_CERTIFICATE, TlsAlert.INTERNAL_ERROR);
        }
    }

    private void begin(Choice.Serve serve) {
        SslHandler handler = handshakes.shared().tasks().handler(serve.context(), channel.alloc());
        handler.setHandshakeTimeoutMillis(0);
        isChallenge = serve.isChallenge();
        policy = serve.policy();
        names = serve.names().heldTo(handshakes.hello());
        ssl = handler;
        ByteBuf in = requireNonNull(hello.giveAway());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(pipeline.context(this).name(), null, handler);
        ChannelHandlerContext first = pipeline.context(handler);
        try {
            handler.channelRead(first, in);
            handler.channelReadComplete(first);
            acknowledgeAtOnce();
        } catch (Exception e) {
            exceptionCaught(first, e);
        }
    }

    /**
     * Has the system acknowledge the end of the handshake without its usual 40 ms. BoringSSL sends nothing back until the
     * first response, and a client without TCP_NODELAY keeps its request until the acknowledgement.
     */
    private void acknowledgeAtOnce() {
        if (channel instanceof EpollSocketChannel && channel.isActive()) {
            channel.config().setOption(EpollChannelOption.TCP_QUICKACK, true);
        }
    }

    /** A client that speaks plain HTTP here is told so; whatever else speaks is closed. */
    private void notTls() {
        handshakes.shared().counters().failed(HandshakeResult.NOT_TLS);
        Http1ClientConnection connection = new Http1ClientConnection(
                context, channel, peer, peer.plain(context.settings()), null, new PlainEnd(channel));
        takeOver(connection);
        connection.refuse(LocalReplies.PLAIN_ON_TLS_PORT);
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    private void done() {
        SslHandler handler = requireNonNull(ssl);
        SSLSession session = handler.engine().getSession();
        HandshakeCounters counters = handshakes.shared().counters();
        counters.done(result(handler.engine()), session.getProtocol(), System.nanoTime() - startedNanos);
        channel.closeFuture().addListener(closed -> counters.closed());
        TlsEnd end = new TlsEnd(channel, handler);
        if (isChallenge) {
            ended = true;
            end.close();
        } else {
            boolean isHttp2 = ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
            // Only clients of HTTP/2 use a connection for further hosts, and know what 421 means.
            ClientDemand demand =
                    new ClientDemand(handshakes.shared().choices(), policy, isHttp2 ? names : CoveredNames.ALL);
            ClientInfo info = SessionFacts.of(session, peer.secure(context.settings()), policy);
            takeOver(
                    isHttp2
                            ? new Http2ClientConnection(context, channel, peer, info, demand, end)
                            : new Http1ClientConnection(context, channel, peer, info, demand, end));
        }
    }

    private HandshakeResult result(SSLEngine engine) {
        if (isChallenge) {
            return HandshakeResult.CHALLENGE;
        }
        return SessionFacts.isResumed(engine, startedMillis) ? HandshakeResult.RESUMED : HandshakeResult.FULL;
    }

    private void takeOver(ClientConnection connection) {
        ended = true;
        channel.pipeline().addLast(connection);
        connection.takeOver(this);
        channel.pipeline().remove(this);
    }

    private void alert(HandshakeResult result, TlsAlert alert) {
        count(result);
        channel.writeAndFlush(alert.write(channel.alloc())).addListener(ChannelFutureListener.CLOSE);
    }

    private void fail(HandshakeResult result) {
        if (!ended) {
            count(result);
            closeNow();
        }
    }

    /** Not through the handler of TLS, which would wait until its last words are taken. */
    private void closeNow() {
        channel.pipeline().firstContext().close();
    }

    private void count(HandshakeResult result) {
        ended = true;
        forget();
        handshakes.shared().counters().failed(result);
    }

    private void forget() {
        context.loop().deadlines().remove(deadline);
        hello.drop();
    }

    private void arm(long millis) {
        context.loop().deadlines().arm(deadline, millis);
    }

    @Override
    public void stop() {
        arm(ConnectionContext.STOP_GRACE_MILLIS);
    }

    /** Closes a handshake that has not come to its end in that time: a client that means it takes milliseconds. */
    @Override
    public boolean closeIfIdle(long leastMillis) {
        if (ended || context.loop().deadlines().age(deadline) < leastMillis) {
            return false;
        }
        fail(HandshakeResult.TURNED_AWAY);
        return true;
    }

    /** Does nothing: what is known of the client is found out at the end of the handshake. */
    @Override
    public void trustChanged() {}

    @Override
    public void dropUnfinishedHead() {
        fail(HandshakeResult.TURNED_AWAY);
    }
}
