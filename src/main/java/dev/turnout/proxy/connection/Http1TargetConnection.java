package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.Reusability;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.ReadControl;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.tls.TargetTls;
import dev.turnout.tls.TargetWay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection to a target: idle in the pool, or used by one exchange. Finds the head of each response, and gives
 * the head and what follows to the exchange. Event loop only.
 */
final class Http1TargetConnection extends ChannelInboundHandlerAdapter
        implements TargetStream, IdleConnection, Connector.User {

    private static final Logger LOG = Logger.getLogger(Http1TargetConnection.class);

    private final TargetContext context;
    private final TargetPool pool;
    private final TargetState target;
    private final Reusability reusability = new Reusability();
    private final Deadlines.Entry idleDeadline = new IdleDeadline();
    private final StarvationWatch starvation;
    private final Http1Responses responses;
    private Channel channel;
    private ConnectionEnd end;
    private final @Nullable ClientEnds owner;
    private final TargetWay way;
    private boolean inputEnded;
    private TargetStream.@Nullable Listener listener;
    private boolean reused;
    private boolean idle;
    private boolean wasIdle;
    private boolean halfCloses;
    private boolean hasContent;
    private boolean hadContentBefore;

    /** How long the target keeps the connection, as far as it has said so. Milliseconds. */
    private long announcedMillis = Long.MAX_VALUE;

    private ReadControl reads;

    /**
     * @param way how the target is spoken to
     * @param owner the only client that the connection serves; null if it serves every client
     */
    Http1TargetConnection(
            TargetContext context, TargetPool pool, TargetState target, TargetWay way, @Nullable ClientEnds owner) {
        this.context = context;
        this.pool = pool;
        this.target = target;
        this.way = way;
        this.owner = owner;
        this.starvation = new StarvationWatch(context, target);
        this.responses = new Http1Responses(context.scratch(), starvation);
    }

    private final class IdleDeadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (idle) {
                close();
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        channel = handler.channel();
        end = new PlainEnd(channel);
        reads = new ReadControl(channel);
    }

    @Override
    public @Nullable SslHandler encryption(ByteBufAllocator allocator) {
        TargetTls tls = way.tls();
        if (tls == null) {
            return null;
        }
        SslHandler ssl =
                tls.handler(allocator, target.target().host(), target.target().port());
        end = new TlsEnd((DuplexChannel) channel, ssl);
        return ssl;
    }

    @Override
    public byte @Nullable [] beginning() {
        return owner == null ? null : TargetHeader.of(way.header(), owner);
    }

    /** Returns true if a new connection would speak to the target in the same way. */
    private boolean isSpokenAsNow() {
        return way == context.ways().of(target.service(), target.target());
    }

    /** Returns the only client that the connection serves; null if it serves every client. */
    @Nullable
    ClientEnds owner() {
        return owner;
    }

    @Override
    public TargetState target() {
        return target;
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public boolean wasIdle() {
        return wasIdle;
    }

    @Override
    public boolean takesMore() {
        return Buffers.takesMore(channel, context.loop().isTight());
    }

    @Override
    public long backlog() {
        return Buffers.backlog(channel);
    }

    @Override
    public boolean isOutputBroken() {
        return ((DuplexChannel) channel).isOutputShutdown() || end.isOutputLost();
    }

    @Override
    public boolean hadContentBefore() {
        return hadContentBefore;
    }

    /**
     * Returns true if a request may use the connection. The connection used last may be so fresh that this target is
     * closing it.
     */
    @Override
    public boolean isUsable(boolean replayable) {
        return target.conduct().trustsAtOnce(replayable, hadContentBefore) || isSettled();
    }

    /** Returns true if the target has kept the connection for a while since its last answer, and has sent nothing. */
    boolean isSettled() {
        return context.loop().deadlines().age(idleDeadline) >= TargetConduct.SETTLED_MILLIS;
    }

    @Override
    public Reusability reusability() {
        return reusability;
    }

    @Override
    public void begin(TargetStream.Listener next, boolean content) {
        listener = next;
        hasContent = content;
        responses.expectHead();
        if (!reused) {
            starvation.begin(next);
        }
    }

    @Override
    public void becomeTunnel(boolean halfCloses) {
        this.halfCloses = halfCloses;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfCloses);
    }

    @Override
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void shutdownOutput() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(context.loop().onLoop(flushed -> end.shutdownOutput()));
    }

    @Override
    public boolean isReading() {
        return reads.isReading();
    }

    @Override
    public void setReading(boolean reading) {
        reads.setReading(reading);
    }

    @Override
    public void announceKeepAlive(int seconds) {
        announcedMillis = Math.max(0, seconds * 1000L - 1000);
    }

    /** Returns how long the connection is kept while it is idle. Milliseconds; 0 for no reuse. */
    private long idleMillis() {
        return Math.min(context.settings().idleMillis(), announcedMillis);
    }

    @Override
    public void release(boolean reusable) {
        listener = null;
        starvation.end();
        hadContentBefore = hasContent;
        if (!reusable
                || reads.isPeerClosed()
                || idleMillis() == 0
                || hasContent && target.conduct().mistakesContent()
                || target.conduct().servesOneAtATime()
                || !target.isInRotation()
                || !channel.isActive()
                || !isSpokenAsNow()
                || owner != null && owner.hasEnded()
                || context.loop().isStopping()) {
            close();
            return;
        }
        reused = true;
        setReading(true);
        standBy();
    }

    /** Waits in the pool for an exchange. */
    void standBy() {
        idle = true;
        wasIdle = true;
        context.loop().deadlines().arm(idleDeadline, idleMillis());
        pool.keep(this);
    }

    /** Takes the connection out of the idle state. Returns false if it has died there. */
    boolean leaveIdle() {
        idle = false;
        context.loop().deadlines().disarm(idleDeadline);
        if (!isSpokenAsNow()) {
            close();
        }
        return channel.isActive();
    }

    @Override
    public void closeWhenFlushed() {
        listener = null;
        starvation.end();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(context.loop().onLoop(flushed -> end.close()));
    }

    @Override
    public void close() {
        boolean isCut = listener != null;
        leave();
        if (isCut) {
            end.abort(false);
        } else {
            end.close();
        }
    }

    private void leave() {
        listener = null;
        starvation.end();
        if (idle) {
            idle = false;
            pool.forget(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        reads.received();
        if (listener == null) {
            // A target that speaks unasked may be answering somebody else's request: never use it again.
            if (hasContent) {
                target.conduct().answeredTwice();
            }
            in.release();
            close();
        } else {
            responses.received(in, listener);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (listener != null) {
            listener.writabilityChanged();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext handler) {
        target.counters().connectionOpened();
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        target.counters().connectionClosed();
        context.loop().deadlines().remove(idleDeadline);
        responses.release();
        boolean isBehindAnswer = reused && !isSettled() && (idle || listener != null && listener.hasNoResponse());
        if (isBehindAnswer) {
            target.conduct().closedBehindAnswer();
        }
        TargetStream.Listener ended = listener;
        if (ended != null && way.tls() != null && !inputEnded) {
            ended.readFailed();
        }
        leave();
        if (ended != null) {
            ended.closed();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (!end.isInputEnd(event)) {
            return;
        }
        // Without a close_notify anybody on the way may have ended the connection.
        boolean isWhole = way.tls() == null || event == SslCloseCompletionEvent.SUCCESS;
        inputEnded |= isWhole;
        if (isWhole && halfCloses && listener != null) {
            listener.inputEnded();
        } else if (!inputEnded || !halfCloses) {
            end.close();
        }
    }

    /** A failed read: the connection ends next. A failed write is no end, what the target sent is read first. */
    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (listener != null) {
            listener.readFailed();
        }
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
            end.abort(false);
        } else if (cause instanceof DecoderException && cause.getCause() instanceof IOException) {
            end.abort(false);
        } else if (!(cause instanceof IOException)) {
            LOG.error("A target's connection failed on a fault of Turnout's own and was closed", cause);
            end.abort(false);
        }
    }
}
