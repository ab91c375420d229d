package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.Reusability;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.Output;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import dev.turnout.proxy.loop.ReadControl;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.tls.TargetWay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection to a target: idle in the pool, or used by one exchange. Finds the head of each response, and gives
 * the head and what follows to the exchange. Event loop only.
 */
final class Http1TargetConnection extends TargetConnection implements TargetStream, IdleConnection {

    private final TargetPool pool;
    private final Reusability reusability = new Reusability();
    private final Deadlines.Entry idleDeadline = new IdleDeadline();
    private final StarvationWatch starvation;
    private final Http1Responses responses;
    private final @Nullable ClientEnds owner;
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
    private Output output;

    /**
     * @param way how the target is spoken to
     * @param owner the only client that the connection serves; null if it serves every client
     */
    Http1TargetConnection(
            TargetContext context, TargetPool pool, TargetState target, TargetWay way, @Nullable ClientEnds owner) {
        super(context, target, way);
        this.pool = pool;
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
        super.handlerAdded(handler);
        reads = new ReadControl(channel);
        output = new Output(channel, way.tls() == null ? end.socket() : null);
    }

    @Override
    public byte @Nullable [] beginning() {
        return owner == null ? null : TargetHeader.of(way.header(), owner);
    }

    /** Returns the only client that the connection serves; null if it serves every client. */
    @Nullable
    ClientEnds owner() {
        return owner;
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
        output.write(bytes);
    }

    @Override
    public @Nullable PlainSocket socket() {
        return end.socket();
    }

    @Override
    public void write(PipedBytes piece) {
        output.write(piece);
    }

    @Override
    public void splice(long count, PlainSocket to) {
        reads.splice(context.loop().pipes(), socket(), to, count);
    }

    @Override
    public void flush() {
        output.flush();
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
        return Math.min(target.settings().idleMillis(), announcedMillis);
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
                || target.connections().isOver()
                || !target.keepsConnections()
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
        endWhenFlushed();
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
        reads.endSplice();
        starvation.end();
        if (idle) {
            idle = false;
            pool.forget(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        TargetStream.Listener before = listener;
        passPiped();
        reads.received(in.readableBytes());
        TargetStream.Listener now = listener;
        if (now != null && now == before) {
            responses.received(in, now);
            return;
        }
        // A target that speaks unasked may be answering somebody else's request: never use it again.
        if (hasContent) {
            target.conduct().answeredTwice();
        }
        in.release();
        if (now == null) {
            close();
        } else {
            // What was in the pipe has ended the response, and another request came here: it goes again elsewhere.
            end.abort(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext handler) {
        passPiped();
    }

    private void passPiped() {
        PipedBytes piece = reads.takePiped();
        if (piece == null) {
            return;
        }
        if (listener == null) {
            piece.release();
        } else {
            listener.responseBody(piece);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (listener != null) {
            listener.writabilityChanged();
        }
    }

    @Override
    void gone() {
        context.loop().deadlines().remove(idleDeadline);
        responses.release();
        output.release();
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

    /** A failed read: the connection ends next. */
    @Override
    void failed() {
        if (listener != null) {
            listener.readFailed();
        }
    }

    @Override
    boolean outlivesFailedWrite() {
        return true;
    }
}
