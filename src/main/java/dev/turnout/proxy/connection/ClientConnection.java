package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.ReadControl;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection whose protocol is known: what the system tells of it, and its end, which are the same for each
 * protocol. Event loop only.
 */
public abstract sealed class ClientConnection extends ChannelInboundHandlerAdapter implements OpenConnection
        permits Http1ClientConnection, Http2ClientConnection {

    private static final Logger LOG = Logger.getLogger(ClientConnection.class);

    final ConnectionContext context;
    final Channel channel;
    final Peer peer;
    final @Nullable ClientDemand demand;
    final ConnectionEnd end;
    final ReadControl reads;
    private final ClientEnds ends;
    private final Deadlines.Entry deadline = new Deadline();
    private ClientInfo info;
    private @Nullable LingeringClose closing;
    private boolean ended;
    private boolean inputEnded;

    /** @param demand null for a connection without TLS */
    ClientConnection(
            ConnectionContext context,
            Channel channel,
            Peer peer,
            ClientInfo info,
            @Nullable ClientDemand demand,
            ConnectionEnd end) {
        this.context = context;
        this.channel = channel;
        this.peer = peer;
        this.info = info;
        this.demand = demand;
        this.end = end;
        this.reads = new ReadControl(channel);
        this.ends = new ClientEnds(peer.client(), peer.local());
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (closing != null) {
                closing.timedOut();
            } else {
                ClientConnection.this.timedOut();
            }
        }
    }

    // --- What each protocol does -----------------------------------------------------------------------------------

    /** Takes the place of a connection that is counted already, such as one whose TLS handshake is done. */
    public void takeOver(OpenConnection before) {
        context.clients().replace(before, this);
    }

    /** Takes bytes of the client, which are released here. */
    abstract void received(ByteBuf in);

    /** Takes a piece of a body that has come through a pipe, which is released here. Only where {@link #reads} splice. */
    abstract void received(PipedBytes piece);

    /** Called when the client sends no more, and the connection has not begun to end. */
    abstract void inputEnds();

    /** Drops all requests: the client has gone. */
    abstract void drop();

    /** Called at the time that {@link #arm} has set. */
    abstract void timedOut();

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public final void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        passPiped();
        if (!reads.received(in.readableBytes())) {
            in.release();
            end.abort(false);
        } else if (closing != null) {
            closing.received(in);
        } else if (ended) {
            in.release();
        } else {
            received(in);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext handler) {
        passPiped();
    }

    private void passPiped() {
        PipedBytes piece = reads.takePiped();
        if (piece != null) {
            received(piece);
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (inputEnded || !end.isInputEnd(event)) {
            return;
        }
        inputEnded = true;
        if (end.isOutputLost()) {
            leave();
        } else if (closing != null) {
            closing.inputEnded();
        } else if (!ended) {
            inputEnds();
        }
    }

    /** Ends the connection of a client that neither sends nor takes anything any more. */
    final void leave() {
        ended = true;
        drop();
        end.close();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext handler) {
        ended = true;
        context.loop().deadlines().remove(deadline);
        context.clients().remove(this);
        drop();
        ends.end();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        fail(cause);
    }

    /**
     * Ends the connection at once, for something that was thrown. A fault of the client's, such as bytes that are no TLS,
     * is not told: anybody can send it.
     */
    public final void fail(Throwable cause) {
        boolean isOfClient = cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof IOException;
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else if (!isOfClient) {
            LOG.error("A client's connection failed on a fault of Turnout's own and was closed", cause);
        }
        end.abort(false);
    }

    // --- Facts for the requests ------------------------------------------------------------------------------------

    public final Channel channel() {
        return channel;
    }

    public final ClientInfo info() {
        return info;
    }

    public final ClientEnds ends() {
        return ends;
    }

    /** Returns false if a request is for a host that asks for another certificate than this client was asked for. */
    public final boolean fits(RequestHead head) {
        return demand == null || demand.fits(head);
    }

    @Override
    public final void trustChanged() {
        info = info.trusted(peer.isTrusted(context.settings()));
    }

    // --- Time ------------------------------------------------------------------------------------------------------

    /** Calls {@link #timedOut} after so long, and not before. Milliseconds. */
    public final void arm(long millis) {
        context.loop().deadlines().arm(deadline, millis);
    }

    /** Leaves the time to the exchanges. */
    public final void disarm() {
        context.loop().deadlines().disarm(deadline);
    }

    /** Forgets the time: another connection takes this one's place. */
    final void forgetTime() {
        context.loop().deadlines().remove(deadline);
    }

    /** Returns true if {@link #arm} was called so long ago. Milliseconds. */
    final boolean isArmedFor(long millis) {
        return context.loop().deadlines().age(deadline) >= millis;
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Returns true if nothing of what comes is looked at any more. */
    public final boolean hasEnded() {
        return ended;
    }

    /** Drops what comes from now on. */
    final void markEnded() {
        ended = true;
    }

    /**
     * Ends the connection once the client has what was sent.
     *
     * @param linger what was already dropped of what the client sends; null if nothing was
     */
    final void linger(@Nullable Linger linger) {
        ended = true;
        reads.setReading(true);
        closing = new LingeringClose(channel, end, context, deadline, linger, inputEnded);
    }
}
