package dev.turnout.proxy.listen;

import dev.turnout.config.TurnoutConfig.ProxyProtocol;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.OpenConnection;
import dev.turnout.proxy.connection.Peer;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.proxyprotocol.Endpoint;
import dev.turnout.proxy.proxyprotocol.ProxyHeader;
import dev.turnout.proxy.proxyprotocol.ProxyHeaderReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection up to the end of the header of the PROXY protocol, which comes before TLS. Only the header of a
 * trusted proxy is read. Afterwards the handler of the protocol takes this one's place. Event loop only.
 */
final class ProxyHeaderWait extends ChannelInboundHandlerAdapter implements OpenConnection {

    private static final Logger LOG = Logger.getLogger(ProxyHeaderWait.class);

    /** How long a header may take. A proxy sends it with the connection. Milliseconds. */
    static final long MOST_MILLIS = 3000;

    private final ConnectionContext context;
    private final HeaderRefusals refusals;
    private final Channel channel;
    private final Peer peer;
    private final boolean isRequired;
    private final Function<Peer, ChannelHandler> next;
    private final Deadlines.Entry deadline = new Deadline();
    private @Nullable ByteBuf received;
    private boolean isCounted;
    private boolean ended;

    /** @param next makes the handler of a client's protocol */
    ProxyHeaderWait(
            ConnectionContext context,
            HeaderRefusals refusals,
            Channel channel,
            Peer peer,
            Function<Peer, ChannelHandler> next) {
        this.context = context;
        this.refusals = refusals;
        this.channel = channel;
        this.peer = peer;
        this.isRequired = context.settings().proxyProtocol() == ProxyProtocol.REQUIRE;
        this.next = next;
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            late();
        }
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext handler) {
        isCounted = true;
        boolean isFull = context.clients().add(this) > context.settings().limit();
        if (!peer.isTrusted(context.settings())) {
            refuse("the peer is not in turnout.trusted-proxies");
        } else if (isFull) {
            close();
        } else {
            context.loop()
                    .deadlines()
                    .arm(deadline, context.loop().isStopping() ? ConnectionContext.STOP_GRACE_MILLIS : MOST_MILLIS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (ended) {
            in.release();
            return;
        }
        ByteBuf all =
                received == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), received, in);
        received = all;
        int length = Math.min(all.readableBytes(), ProxyHeader.MOST_BYTES);
        ProxyHeader header = ProxyHeaderReader.read(ByteBufUtil.getBytes(all, all.readerIndex(), length));
        if (header instanceof ProxyHeader.Incomplete) {
            keep(all);
        } else if (header instanceof ProxyHeader.Complete complete) {
            all.skipBytes(complete.length());
            handOver(handler, named(complete));
        } else if (header instanceof ProxyHeader.Broken broken) {
            refuse("its header has " + broken.reason());
        } else if (isRequired) {
            refuse("it has no header");
        } else {
            handOver(handler, peer);
        }
    }

    private void keep(ByteBuf all) {
        ByteBuf kept = Buffers.compacted(all);
        received = kept;
        context.heads().hold(this, null, kept.capacity());
    }

    /** A header without addresses, such as that of a health check, leaves the peer as the client. */
    private Peer named(ProxyHeader.Complete header) {
        Endpoint source = header.source();
        Endpoint destination = header.destination();
        return source == null || destination == null
                ? peer
                : new Peer(socket(source), socket(destination), header.overTls());
    }

    private static InetSocketAddress socket(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.address(), endpoint.port());
    }

    private void handOver(ChannelHandlerContext handler, Peer client) {
        ByteBuf rest = received;
        received = null;
        end();
        channel.pipeline().addLast(next.apply(client));
        handler.fireChannelActive();
        if (rest != null && rest.isReadable()) {
            handler.fireChannelRead(rest);
        } else if (rest != null) {
            rest.release();
        }
        channel.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else if (!(cause instanceof IOException)) {
            LOG.error("A client's connection failed on a fault of Turnout's own and was closed", cause);
        }
        close();
    }

    /** A client that has said nothing yet, such as a connection that was opened ahead, has no header. */
    private void late() {
        if (context.loop().isStopping()) {
            // What comes next would have its own time of grace, and the stop would wait for it too.
            close();
        } else if (isRequired) {
            refuse("its header did not come within " + MOST_MILLIS + " ms");
        } else {
            handOver(channel.pipeline().context(this), peer);
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    private void refuse(String reason) {
        refusals.refused(peer.client(), reason);
        close();
    }

    private void close() {
        end();
        channel.close();
    }

    private void end() {
        ended = true;
        context.loop().deadlines().remove(deadline);
        context.heads().release(this);
        if (isCounted) {
            isCounted = false;
            context.clients().remove(this);
        }
        if (received != null) {
            received.release();
            received = null;
        }
    }

    @Override
    public void stop() {
        context.loop().deadlines().arm(deadline, ConnectionContext.STOP_GRACE_MILLIS);
    }

    @Override
    public boolean closeIfIdle(long leastMillis) {
        if (ended || context.loop().deadlines().age(deadline) < leastMillis) {
            return false;
        }
        close();
        return true;
    }

    /** Does nothing: whether the client is trusted is asked at the end of the header. */
    @Override
    public void trustChanged() {}

    @Override
    public void dropUnfinishedHead() {
        close();
    }
}
