package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.exchange.NotHttp2;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import org.jboss.logging.Logger;

/**
 * An HTTP/2 connection to a target, which exchanges share: each has an {@link Http2TargetStream}. It is open once the
 * target has sent its settings. Event loop only.
 */
final class Http2TargetConnection extends TargetConnection implements Http2TargetStreams.Owner {

    private static final Logger LOG = Logger.getLogger(Http2TargetConnection.class);
    private static final byte[] NO_WORDS = {};

    /** Whoever waits for the connection, and gives out its streams. */
    interface Keeper {

        /** Called when the connection is open. */
        void ready();

        /** Called in the place of {@link #ready} when the connection will never be open. */
        void notReady(Throwable cause);

        /** Called when a stream has ended for which others may have waited. */
        void roomAgain();

        /** Called when the connection takes no more streams, and those that there are go on. */
        void drained();

        /** Called at the end of a connection that was open. */
        void ended();
    }

    private enum Phase {
        OPENING,
        OPEN,
        /** No more streams, but those that there are go on. */
        DRAINING,
        OVER
    }

    private final Http2TargetContext shared;
    private final LoopContext loop;
    private final Keeper keeper;
    private final IdleDeadline deadline = new IdleDeadline();
    private Http2TargetStreams streams;
    private Phase phase = Phase.OPENING;

    Http2TargetConnection(Http2TargetContext shared, TargetState target, Keeper keeper) {
        super(shared.targets(), target, shared.targets().ways().of(target.service(), target.target()));
        this.shared = shared;
        this.loop = context.loop();
        this.keeper = keeper;
    }

    private final class IdleDeadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (phase == Phase.OPENING) {
                end(new NotHttp2("The target has sent no SETTINGS"));
                end.abort(false);
            } else if (streams.isEmpty()) {
                close();
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        super.handlerAdded(handler);
        streams = new Http2TargetStreams(shared, channel, this);
    }

    /** Sends the preface. The connection is open once the target has answered. */
    void begin() {
        streams.begin(way.tls() != null);
        loop.deadlines().arm(deadline, target.settings().connectMillis());
    }

    @Override
    public void settled() {
        if (phase == Phase.OPENING) {
            phase = Phase.OPEN;
            context.http2Counters().connectionOpened();
            standBy();
            keeper.ready();
        }
    }

    // --- Streams ---------------------------------------------------------------------------------------------------

    @Override
    public boolean isOpen() {
        return phase == Phase.OPEN && channel.isActive();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    boolean hasRoom() {
        return isOpen() && isSpokenAsNow() && streams.hasRoom();
    }

    boolean isIdle() {
        return phase == Phase.OPEN && streams.isEmpty();
    }

    /** Returns how many streams there may be. */
    int mostStreams() {
        return streams.most();
    }

    /**
     * Returns a new stream.
     *
     * @param isFresh whether the connection was opened for it, or others with it
     */
    Http2TargetStream newStream(boolean isFresh) {
        return new Http2TargetStream(streams, isFresh);
    }

    @Override
    public void begun() {
        loop.deadlines().disarm(deadline);
    }

    @Override
    public void allEnded() {
        if (isOpen() && target.keepsConnections() && !loop.isStopping() && idleMillis() > 0) {
            standBy();
        } else {
            close();
        }
    }

    @Override
    public void streamEnded() {
        if (target.connections().isLimited()) {
            keeper.roomAgain();
        }
    }

    private long idleMillis() {
        return target.settings().idleMillis();
    }

    private void standBy() {
        loop.deadlines().arm(deadline, Math.max(1, idleMillis()));
    }

    /** Sends what was held back while memory was short. */
    void goOn() {
        streams.goOn();
    }

    // --- The channel -----------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (isOver()) {
            in.release();
        } else {
            streams.read(in);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (channel.isWritable()) {
            streams.sendSoon();
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void drained() {
        if (phase == Phase.OPENING) {
            end(new IOException("The target takes no streams"));
            end.abort(false);
        } else if (phase == Phase.OPEN) {
            phase = Phase.DRAINING;
            keeper.drained();
        }
    }

    @Override
    public void unanswered() {
        LOG.debugf("%s has not answered a PING: its connection was closed", target.target());
        IOException cause = new IOException("The target has not answered a PING");
        end(cause);
        end.abort(false);
        lose();
    }

    @Override
    public void violated(Violation violation) {
        if (isOver()) {
            return;
        }
        LOG.debugf("%s breaks HTTP/2: %s", target.target(), violation.explanation());
        streams.goAway(violation.code(), violation.explanation().getBytes(US_ASCII));
        end(new NotHttp2(violation.explanation()));
        endWhenFlushed();
        streams.takeAll().forEach(stream -> stream.broken(Rejection.BAD_HTTP_2));
    }

    /** Ends the connection, which has no streams. */
    void close() {
        if (!isOver()) {
            streams.goAway(ErrorCode.NO_ERROR, NO_WORDS);
            end(new IOException("The connection has been closed"));
            endWhenFlushed();
        }
    }

    private void end(Throwable cause) {
        Phase before = phase;
        phase = Phase.OVER;
        streams.end();
        loop.deadlines().remove(deadline);
        if (before == Phase.OPENING) {
            keeper.notReady(cause);
        } else if (before != Phase.OVER) {
            keeper.ended();
        }
    }

    private void lose() {
        streams.takeAll().forEach(Http2TargetStream::lost);
    }

    @Override
    void gone() {
        end(new NotHttp2("The target has closed the connection before its SETTINGS"));
        streams.release();
        lose();
    }

    /** Nothing: the streams are told once the connection is closed. */
    @Override
    void failed() {}

    @Override
    boolean outlivesFailedWrite() {
        return false;
    }
}
