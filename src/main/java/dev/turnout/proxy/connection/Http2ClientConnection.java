package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.Preface;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.PipedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: its beginning, its time, and its end. {@link Http2ClientFrames} reads what comes, and
 * {@link Http2Streams} has the streams. Event loop only.
 */
public final class Http2ClientConnection extends ClientConnection
        implements Http2Streams.Connection, Http2Stop.Connection {

    private static final Logger LOG = Logger.getLogger(Http2ClientConnection.class);
    private static final byte[] NO_WORDS = {};

    /** Frames that wait for a client that takes nothing keep it from sending more. Data never comes so far. */
    private static final long MOST_BACKLOG = 256 * 1024;

    private final Http2Streams streams;
    private final Http2ClientFrames frames;
    private final Http2Wait wait;
    private final Http2Stop stop;
    private @Nullable ByteBuf pending;
    private boolean begun;
    private boolean processing;

    /** @param demand null for a connection without TLS */
    public Http2ClientConnection(
            ConnectionContext context,
            Channel channel,
            Peer peer,
            ClientInfo info,
            @Nullable ClientDemand demand,
            ConnectionEnd end) {
        super(context, channel, peer, info, demand, end);
        this.streams =
                new Http2Streams(context, this, context.settings().http2().limits());
        this.frames = new Http2ClientFrames(streams);
        this.wait = new Http2Wait(streams, frames);
        this.stop = new Http2Stop(context.loop(), streams, this);
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void takeOver(OpenConnection before) {
        super.takeOver(before);
        streams.begin();
        updateWait();
        if (context.loop().isStopping()) {
            stop();
        }
    }

    @Override
    void received(PipedBytes piece) {
        throw new IllegalStateException("frames come through no pipe");
    }

    @Override
    void received(ByteBuf in) {
        pending = pending == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), pending, in);
        process();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (channel.isWritable()) {
            // This may come in the course of a write, when a frame is not whole yet.
            context.loop().eventLoop().execute(this::goOn);
        }
    }

    private void goOn() {
        if (!hasEnded()) {
            streams.output().send();
            process();
        }
    }

    /** Ends the connection of a client that sends no more: it could not even open a window. */
    @Override
    void inputEnds() {
        streams.output().flush();
        leave();
    }

    // --- Reading ---------------------------------------------------------------------------------------------------

    private void process() {
        ByteBuf in = pending;
        if (processing || hasEnded()) {
            return;
        }
        if (in != null) {
            processing = true;
            try {
                if (begun || begin(in)) {
                    frames.read(in);
                }
            } finally {
                processing = false;
            }
            keep(in);
        }
        if (!hasEnded()) {
            streams.flush();
        }
        reads.setReading(hasEnded() || takesFrames());
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
        if (hasEnded() || !in.isReadable()) {
            in.release();
            pending = null;
        } else {
            pending = Buffers.compacted(in);
        }
    }

    @Override
    public boolean takesFrames() {
        return channel.isActive() && streams.output().backlog() <= MOST_BACKLOG;
    }

    @Override
    public boolean isProcessing() {
        return processing;
    }

    // --- Time ------------------------------------------------------------------------------------------------------

    @Override
    public void updateWait() {
        if (hasEnded()) {
            return;
        }
        boolean isUnfinished = !begun || frames.isWithinBlock() || pending != null && takesFrames();
        if (isUnfinished) {
            int kept = (pending == null ? 0 : pending.capacity()) + frames.keptOfBlock();
            context.heads().hold(this, peer.headBudgetKey(context.settings()), kept);
            if (hasEnded()) {
                return;
            }
        } else if (wait.waiting() == Http2Wait.For.HEAD) {
            context.heads().release(this);
        }
        if (wait.update(isUnfinished)) {
            switch (wait.waiting()) {
                case IDLE -> arm(context.requestlessMillis());
                case HEAD -> arm(context.settings().headMillis());
                case LEFT_OVER -> arm(context.settings().bodyMillis());
                case NOTHING -> disarm();
            }
        }
    }

    @Override
    void timedOut() {
        switch (wait.waiting()) {
            case HEAD -> refuse(LocalReplies.CLIENT_HEAD_TIMEOUT);
            case LEFT_OVER -> {
                wait.giveUp();
                streams.dropLeftOvers();
                updateWait();
            }
            case IDLE, NOTHING -> close();
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void stop() {
        stop.begin();
    }

    @Override
    public void pingAnswered() {
        stop.pingAnswered();
    }

    @Override
    public void clientLeaves() {
        stop.clientLeaves();
    }

    @Override
    public void emptied() {
        stop.emptied();
    }

    @Override
    public boolean closeIfIdle(long leastMillis) {
        boolean isIdle = wait.waiting() == Http2Wait.For.IDLE
                && !hasEnded()
                && streams.output().backlog() == 0;
        if (!isIdle || !isArmedFor(leastMillis)) {
            return false;
        }
        sayFarewell();
        leave();
        return true;
    }

    @Override
    public void dropUnfinishedHead() {
        refuse(LocalReplies.TOO_MANY_HEADS);
    }

    /** Ends the connection of a client that does not finish what it has begun. */
    private void refuse(LocalReply reply) {
        if (!hasEnded()) {
            context.admission().observe(reply, info(), Http2ClientStream.PROTOCOL);
            context.http2Counters().farewell();
            streams.goAway(ErrorCode.ENHANCE_YOUR_CALM, reply.cause().getBytes(ISO_8859_1));
            endSlowly();
        }
    }

    @Override
    public void end(Violation violation) {
        if (!hasEnded()) {
            LOG.debugf("The HTTP/2 connection of %s ends: %s", peer.client(), violation.explanation());
            context.http2Counters().goAway(violation);
            streams.goAway(violation.code(), violation.explanation().getBytes(ISO_8859_1));
            endSlowly();
        }
    }

    /** Ends the connection once the client has what was sent. */
    @Override
    public void close() {
        if (!hasEnded()) {
            sayFarewell();
            endSlowly();
        }
    }

    private void sayFarewell() {
        context.http2Counters().farewell();
        streams.goAway(ErrorCode.NO_ERROR, NO_WORDS);
    }

    private void endSlowly() {
        markEnded();
        drop();
        linger(null);
    }

    @Override
    void drop() {
        context.heads().release(this);
        streams.drop();
        if (pending != null && !processing) {
            pending.release();
            pending = null;
        }
    }
}
