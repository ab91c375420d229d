package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.TcpAddress;
import dev.turnout.tls.TargetTls;
import dev.turnout.tls.TargetWay;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a target: how the target is spoken to, and what the system tells of the connection. Both are the same
 * for each protocol. Event loop only.
 */
abstract sealed class TargetConnection extends ChannelInboundHandlerAdapter implements Connector.User
        permits Http1TargetConnection, Http2TargetConnection {

    private static final Logger LOG = Logger.getLogger(TargetConnection.class);

    final TargetContext context;
    final TargetState target;
    final TargetWay way;
    private boolean counted;
    Channel channel;
    ConnectionEnd end;

    /** @param way how the target is spoken to */
    TargetConnection(TargetContext context, TargetState target, TargetWay way) {
        this.context = context;
        this.target = target;
        this.way = way;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        channel = handler.channel();
        end = new PlainEnd(channel);
    }

    @Override
    public final @Nullable SslHandler encryption(ByteBufAllocator allocator) {
        TargetTls tls = way.tls();
        if (tls == null) {
            return null;
        }
        TcpAddress address = target.target().tcp();
        SslHandler ssl = tls.handler(allocator, address.host(), address.port());
        end = new TlsEnd((DuplexChannel) channel, ssl);
        return ssl;
    }

    public final TargetState target() {
        return target;
    }

    /** Notes that the connection is counted among those that there may be. */
    final void counted() {
        counted = true;
    }

    /** Returns true if the connection is counted among those that there may be. */
    final boolean isCounted() {
        return counted;
    }

    /** Gives the place of the connection among those that there may be to whoever waits longest. */
    final void giveUpPlace() {
        if (!counted) {
            return;
        }
        counted = false;
        target.connections().closed();
        int next = target.connections().longestWait();
        if (next >= 0) {
            context.neighbours().serve(next, target);
        }
    }

    /** Returns true if a new connection would speak to the target in the same way. */
    final boolean isSpokenAsNow() {
        return way == context.ways().of(target.service(), target.target());
    }

    /** Closes the connection once the system has taken what was written. */
    final void endWhenFlushed() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(context.loop().onLoop(flushed -> end.close()));
    }

    @Override
    public final void channelActive(ChannelHandlerContext handler) {
        target.counters().connectionOpened();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext handler) {
        target.counters().connectionClosed();
        giveUpPlace();
        gone();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        fail(cause);
    }

    /** Ends the connection at once, for something that was thrown. */
    public final void fail(Throwable cause) {
        failed();
        boolean isOfTarget = cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof IOException;
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else if (!isOfTarget) {
            LOG.error("A target's connection failed on a fault of Turnout's own and was closed", cause);
        }
        if (!(cause instanceof IOException) || !outlivesFailedWrite()) {
            end.abort(false);
        }
    }

    /** Called when the connection has closed. */
    abstract void gone();

    /** Called when something has failed, before the connection ends for it. */
    abstract void failed();

    /** Returns true if a write that fails is no end, because what the target has sent is read first. */
    abstract boolean outlivesFailedWrite();
}
