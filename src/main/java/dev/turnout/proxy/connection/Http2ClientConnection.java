package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.Preface;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.ReadControl;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: what the system tells of it, its time, and its end. {@link Http2Streams} has the streams.
 * Event loop only.
 *
 * <p>A stop asks for no more streams by a GOAWAY with the highest number, and a PING. Once the client has answered, or
 * has had time to, a second GOAWAY says which stream was the last, and the connection ends with it.
 */
public final class Http2ClientConnection extends ChannelInboundHandlerAdapter
        implements ClientConnection, Http2Streams.Connection {

    private static final Logger LOG = Logger.getLogger(Http2ClientConnection.class);
    private static final byte[] NO_WORDS = {};

    /** Frames that wait for a client that takes nothing keep it from sending more. Data never comes so far. */
    private static final long MOST_BACKLOG = 256 * 1024;

    /** The clients of a process that stops are told so within this time, not all at once. Milliseconds. */
    private static final long STOP_SPREAD_MILLIS = 500;

    /** What the time of the connection runs for. */
    private enum Wait {
        NOTHING,
        /** The next request. */
        IDLE,
        /** The rest of a frame, or of a header block. */
        HEAD,
        /** A client that has yet to take a response. */
        LEFT_OVER
    }

    private enum Stop {
        NOT_BEGUN,
        BEGUN,
        ANNOUNCED,
        TAKES_NO_MORE
    }

    private final ConnectionContext context;
    private final Peer peer;
    private final ClientEnds ends;
    private ClientInfo info;
    private final @Nullable ClientDemand demand;
    private final ConnectionEnd end;
    private final Deadlines.Entry deadline = new Deadline();
    private final Channel channel;
    private final ReadControl reads;
    private final Http2Streams streams;
    private @Nullable ByteBuf pending;
    private @Nullable LingeringClose closing;
    private Wait waiting = Wait.NOTHING;
    private Stop stop = Stop.NOT_BEGUN;
    private long stepsBefore;
    private int queuedBefore;
    private boolean begun;
    private boolean processing;
    private boolean clientLeaves;
    private boolean ended;
    private boolean inputEnded;

    /** @param demand null for a connection without TLS */
    public Http2ClientConnection(
            ConnectionContext context,
            Channel channel,
            Peer peer,
            ClientInfo info,
            @Nullable ClientDemand demand,
            ConnectionEnd end) {
        this.context = context;
        this.channel = channel;
        this.peer = peer;
        this.ends = new ClientEnds(peer.client(), peer.local());
        this.info = info;
        this.demand = demand;
        this.end = end;
        this.reads = new ReadControl(channel);
        this.streams =
                new Http2Streams(context, this, context.settings().http2().limits());
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            Http2ClientConnection.this.timedOut();
        }
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void takeOver(OpenConnection before) {
        context.clients().replace(before, this);
        streams.begin();
        updateWait();
        if (context.loop().isStopping()) {
            stop();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (!reads.received()) {
            in.release();
            end.abort(false);
        } else if (closing != null) {
            closing.received(in);
        } else if (ended) {
            in.release();
        } else {
            pending =
                    pending == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), pending, in);
            process();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (!processing && !ended) {
            streams.writable();
            process();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (inputEnded || !end.isInputEnd(event)) {
            return;
        }
        inputEnded = true;
        if (closing == null || end.isOutputLost()) {
            leave();
        } else {
            closing.inputEnded();
        }
    }

    /** Ends the connection of a client that sends no more: it could not even open a window. */
    private void leave() {
        drop();
        end.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        drop();
        context.loop().deadlines().remove(deadline);
        context.clients().remove(this);
        ends.end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else if (!ClientConnection.isOfPeer(cause)) {
            LOG.error("A client's HTTP/2 connection failed on a fault of Turnout's own and was closed", cause);
        }
        end.abort(false);
    }

    // --- Reading ---------------------------------------------------------------------------------------------------

    private void process() {
        ByteBuf in = pending;
        if (processing || ended) {
            return;
        }
        if (in != null) {
            processing = true;
            try {
                if (begun || begin(in)) {
                    streams.read(in);
                }
            } finally {
                processing = false;
            }
            keep(in);
        }
        if (!ended) {
            streams.flush();
        }
        reads.setReading(ended || takesFrames());
    }

    private boolean begin(ByteBuf in) {
        switch (context.http2().preface(in)) {
            case WHOLE -> {
                in.skipBytes(Preface.LENGTH);
                begun = true;
            }
            case OTHER -> end(Violation.BAD_PREFACE);
            case INCOMPLETE -> {}
        }
        return begun;
    }

    /** Keeps what is left of what has come, in a buffer that keeps no more than that. */
    private void keep(ByteBuf in) {
        if (ended || !in.isReadable()) {
            in.release();
            pending = null;
        } else {
            pending = Buffers.compacted(in);
        }
    }

    @Override
    public boolean takesFrames() {
        return streams.output().backlog() <= MOST_BACKLOG;
    }

    @Override
    public boolean isProcessing() {
        return processing;
    }

    // --- Time ------------------------------------------------------------------------------------------------------

    @Override
    public void updateWait() {
        if (ended) {
            return;
        }
        boolean isUnfinished = !begun || streams.isWithinBlock() || pending != null && takesFrames();
        if (isUnfinished) {
            int kept = (pending == null ? 0 : pending.capacity()) + streams.keptOfBlock();
            context.heads().hold(this, peer.headBudgetKey(context.settings()), kept);
            if (ended) {
                return;
            }
        } else if (waiting == Wait.HEAD) {
            context.heads().release(this);
        }
        boolean hasMoved = waiting == Wait.HEAD && !streams.isWithinBlock() && streams.steps() != stepsBefore
                || waiting == Wait.LEFT_OVER && streams.queued() < queuedBefore;
        Wait next = next(isUnfinished);
        if (next != waiting || hasMoved) {
            await(next);
        }
    }

    private Wait next(boolean isUnfinished) {
        if (isUnfinished) {
            return Wait.HEAD;
        }
        if (streams.haveLeftOvers()) {
            return Wait.LEFT_OVER;
        }
        return streams.areNone() ? Wait.IDLE : Wait.NOTHING;
    }

    private void await(Wait next) {
        waiting = next;
        stepsBefore = streams.steps();
        queuedBefore = streams.queued();
        switch (next) {
            case IDLE -> arm(context.requestlessMillis());
            case HEAD -> arm(context.settings().headMillis());
            case LEFT_OVER -> arm(context.settings().bodyMillis());
            case NOTHING -> context.loop().deadlines().disarm(deadline);
        }
    }

    private void arm(long millis) {
        context.loop().deadlines().arm(deadline, millis);
    }

    private void timedOut() {
        if (closing != null) {
            closing.timedOut();
            return;
        }
        switch (waiting) {
            case HEAD -> refuse(LocalReplies.CLIENT_HEAD_TIMEOUT);
            case LEFT_OVER -> {
                waiting = Wait.NOTHING;
                streams.dropLeftOvers();
                updateWait();
            }
            case IDLE, NOTHING -> close();
        }
    }

    // --- For the streams -------------------------------------------------------------------------------------------

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public ClientInfo info() {
        return info;
    }

    @Override
    public ClientEnds ends() {
        return ends;
    }

    @Override
    public boolean fits(RequestHead head) {
        return demand == null || demand.fits(head);
    }

    @Override
    public void emptied() {
        if (!ended && (stop == Stop.TAKES_NO_MORE || clientLeaves)) {
            close();
        }
    }

    @Override
    public void clientLeaves() {
        clientLeaves = true;
        if (streams.areNone()) {
            close();
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void stop() {
        if (stop == Stop.NOT_BEGUN && !ended) {
            stop = Stop.BEGUN;
            long spread = ThreadLocalRandom.current().nextLong(STOP_SPREAD_MILLIS);
            context.loop().eventLoop().schedule(this::announceEnd, spread, TimeUnit.MILLISECONDS);
        }
    }

    private void announceEnd() {
        if (!ended) {
            stop = Stop.ANNOUNCED;
            streams.announceEnd();
            context.loop()
                    .eventLoop()
                    .schedule(this::takeNoMore, ConnectionContext.STOP_GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void pingAnswered() {
        if (stop == Stop.ANNOUNCED) {
            takeNoMore();
        }
    }

    private void takeNoMore() {
        if (ended || stop == Stop.TAKES_NO_MORE) {
            return;
        }
        stop = Stop.TAKES_NO_MORE;
        if (streams.areNone()) {
            close();
        } else {
            streams.takeNoMore();
        }
    }

    @Override
    public void trustChanged() {
        info = info.trusted(peer.isTrusted(context.settings()));
    }

    @Override
    public boolean closeIfIdle(long leastMillis) {
        boolean isIdle = waiting == Wait.IDLE && !ended && streams.output().backlog() == 0;
        if (!isIdle || context.loop().deadlines().age(deadline) < leastMillis) {
            return false;
        }
        sayFarewell();
        drop();
        end.close();
        return true;
    }

    @Override
    public void dropUnfinishedHead() {
        refuse(LocalReplies.TOO_MANY_HEADS);
    }

    /** Ends the connection of a client that does not finish what it has begun. */
    private void refuse(LocalReply reply) {
        if (!ended) {
            context.admission().observe(reply, info, Http2ClientStream.PROTOCOL);
            context.http2Counters().farewell();
            streams.goAway(ErrorCode.ENHANCE_YOUR_CALM, reply.cause().getBytes(ISO_8859_1));
            linger();
        }
    }

    @Override
    public void end(Violation violation) {
        if (!ended) {
            LOG.debugf("The HTTP/2 connection of %s ends: %s", peer.client(), violation.explanation());
            context.http2Counters().goAway(violation);
            streams.goAway(violation.code(), violation.explanation().getBytes(ISO_8859_1));
            linger();
        }
    }

    /** Ends the connection once the client has what was sent. */
    private void close() {
        if (!ended) {
            sayFarewell();
            linger();
        }
    }

    private void sayFarewell() {
        context.http2Counters().farewell();
        streams.goAway(ErrorCode.NO_ERROR, NO_WORDS);
    }

    private void linger() {
        drop();
        reads.setReading(true);
        closing = new LingeringClose(channel, end, context, deadline, null, inputEnded);
    }

    private void drop() {
        ended = true;
        context.heads().release(this);
        streams.drop();
        if (pending != null && !processing) {
            pending.release();
            pending = null;
        }
    }
}
