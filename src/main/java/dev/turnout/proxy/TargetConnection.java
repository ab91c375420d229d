package dev.turnout.proxy;

import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.ReadControl;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * A connection to a target: idle in the pool, or one exchange's. It finds the head of each response and hands it and
 * what follows to the exchange. To be used on its event loop only.
 */
final class TargetConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(TargetConnection.class);

    /** After so long without an answer a new connection may be waiting for an idle one to go. Milliseconds. */
    private static final long LEAST_STARVED_MILLIS = 200;

    private final TargetContext shared;
    private final TargetPool pool;
    private final TargetState upstream;
    private final Reusability reusability = new Reusability();
    private final Deadlines.Entry idleDeadline = new IdleDeadline();
    private Channel channel;
    private Exchange exchange;
    private ByteBuf partialHead;
    private boolean readingHead;
    private boolean reused;
    private boolean idle;
    private boolean wasIdle;
    private boolean halfCloses;
    private boolean starved;
    private boolean hasContent;
    private boolean hadContentBefore;
    private long idleMillis;
    private ReadControl reads;

    TargetConnection(TargetContext shared, TargetPool pool, TargetState upstream) {
        this.shared = shared;
        this.pool = pool;
        this.upstream = upstream;
        this.idleMillis = shared.settings().idleMillis();
    }

    private final class IdleDeadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (idle) {
                close();
            } else if (!reused && exchange != null && exchange.hasNoResponse()) {
                starved = true;
                shared.closeIdle().accept(upstream);
                armStarved();
            }
        }
    }

    /**
     * Looks later whether the target leaves a new connection waiting. The time varies, so that a target whose answers
     * always take as long is not taken for one that waits for idle connections to go.
     */
    private void armStarved() {
        long jitter = ThreadLocalRandom.current().nextLong(LEAST_STARVED_MILLIS);
        shared.loop().deadlines().arm(idleDeadline, LEAST_STARVED_MILLIS + jitter);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        reads = new ReadControl(channel);
    }

    TargetState upstream() {
        return upstream;
    }

    /** Whether it has carried an exchange before the one at hand. */
    boolean isReused() {
        return reused;
    }

    /** Returns true if it waited in the pool before the exchange at hand: the target may have closed it meanwhile. */
    boolean wasIdle() {
        return wasIdle;
    }

    /** Whether more may be sent now; with memory short, only once all has been taken. */
    boolean takesMore() {
        return Buffers.takesMore(channel, shared.loop().isTight());
    }

    /** How many bytes the target has yet to take. */
    long backlog() {
        return Buffers.backlog(channel);
    }

    /** Whether nothing more can be sent: the target has closed, but what it sent before may still be read. */
    boolean isOutputBroken() {
        return ((DuplexChannel) channel).isOutputShutdown();
    }

    /** Returns true if the request before the one at hand had content. */
    boolean hadContentBefore() {
        return hadContentBefore;
    }

    /** Returns true if the target has kept the connection for a while since its last answer, and has sent nothing. */
    boolean isSettled() {
        return shared.loop().deadlines().age(idleDeadline) >= TargetConduct.SETTLED_MILLIS;
    }

    /** Returns the rule for whether the connection may be used again, for the exchange at hand. */
    Reusability reusability() {
        return reusability;
    }

    /**
     * Makes it an exchange's.
     *
     * @param content whether the request has content
     */
    void begin(Exchange next, boolean content) {
        exchange = next;
        hasContent = content;
        readingHead = true;
        if (!reused) {
            armStarved();
        }
    }

    /**
     * Prepares for bytes of another protocol in both directions.
     *
     * @param halfCloses whether a target that sends no more may still take
     */
    void becomeTunnel(boolean halfCloses) {
        this.halfCloses = halfCloses;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfCloses);
    }

    /** Queues bytes for the target, which are the connection's to release. */
    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    /** Tells the target that no more comes, once it has got what there is. */
    void shutdownOutput() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(shared.loop().onLoop(flushed -> ((DuplexChannel) channel).shutdownOutput()));
    }

    boolean isReading() {
        return reads.isReading();
    }

    /** Reads on, or leaves what comes in the system's buffer. */
    void setReading(boolean reading) {
        reads.setReading(reading);
    }

    /** Says how long the target keeps an idle connection; it is given up a second before. */
    void announceKeepAlive(int seconds) {
        idleMillis = Math.min(shared.settings().idleMillis(), Math.max(0, seconds * 1000L - 1000));
    }

    /** Ends the exchange's hold on it: back to the pool if it can take another one, else closed. */
    void release(boolean reusable) {
        exchange = null;
        hadContentBefore = hasContent;
        if (!reusable
                || reads.isPeerClosed()
                || idleMillis == 0
                || hasContent && upstream.conduct().mistakesContent()
                || upstream.conduct().servesOneAtATime()
                || !upstream.isInRotation()
                || !channel.isActive()
                || shared.loop().isStopping()) {
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
        shared.loop().deadlines().arm(idleDeadline, idleMillis);
        pool.keep(this);
    }

    /** Takes it out of the idle state; false if it has died in it. */
    boolean leaveIdle() {
        idle = false;
        shared.loop().deadlines().disarm(idleDeadline);
        return channel.isActive();
    }

    /** Closes the connection once the system has taken what was sent. */
    void closeWhenFlushed() {
        exchange = null;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(shared.loop().onLoop(flushed -> channel.close()));
    }

    void close() {
        exchange = null;
        if (idle) {
            idle = false;
            pool.forget(this);
        }
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        reads.received();
        if (exchange == null) {
            // A target that speaks unasked may be answering somebody else's request: never use it again.
            if (hasContent) {
                upstream.conduct().answeredTwice();
            }
            in.release();
            close();
        } else if (readingHead) {
            readHead(in);
        } else {
            exchange.responseBody(in);
        }
    }

    private void readHead(ByteBuf received) {
        ByteBuf in = received;
        if (partialHead != null) {
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), partialHead, received);
            partialHead = null;
        }
        while (in.isReadable() && exchange != null) {
            exchange.responseBytes();
            ResponseHead head = shared.scratch().responseHead();
            int length = shared.scratch().scanResponse(in);
            if (length == Scan.INCOMPLETE) {
                partialHead = in;
                return;
            }
            if (length == Scan.REJECTED) {
                in.release();
                exchange.badResponse(head.rejection());
                return;
            }
            if (!head.isInterim()) {
                readingHead = false;
                if (starved) {
                    starved = false;
                    upstream.conduct().answeredAfterWait();
                }
                exchange.responseHead(head, length, in);
                return;
            }
            if (head.isSwitchingProtocols()) {
                readingHead = false;
                if (!exchange.switchProtocols(head, length, in)) {
                    in.release();
                    exchange.badResponse(Rejection.UNASKED_UPGRADE);
                }
                return;
            }
            exchange.interimResponse(head);
            in.skipBytes(length);
        }
        in.release();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.targetWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shared.loop().deadlines().remove(idleDeadline);
        ReferenceCountUtil.release(partialHead);
        partialHead = null;
        boolean isBehindAnswer = reused && !isSettled() && (idle || exchange != null && exchange.hasNoResponse());
        if (isBehindAnswer) {
            upstream.conduct().closedBehindAnswer();
        }
        Exchange ended = exchange;
        close();
        if (ended != null) {
            ended.targetClosed();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean isEnd =
                event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (isEnd && halfCloses && exchange != null) {
            exchange.targetInputEnded();
        } else if (isEnd) {
            context.close();
        }
    }

    /** A failed read: the connection ends next. A failed write is no end, what the target sent is read first. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (exchange != null) {
            exchange.targetFailed();
        }
        if (cause instanceof OutOfMemoryError) {
            shared.loop().buffers().refused();
            context.close();
        } else if (!(cause instanceof IOException)) {
            LOG.error("A target's connection failed on a fault of Turnout's own and was closed", cause);
            context.close();
        }
    }
}
