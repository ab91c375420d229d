package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.ReadControl;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection: what the system tells of it, its time, and its end. {@link Http1Requests} reads the
 * requests. Event loop only.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter
        implements ClientConnection, RequestConnection {

    /** What an access log says of what is no request. */
    public static final String PROTOCOL = "HTTP/1.1";

    private static final Logger LOG = Logger.getLogger(Http1ClientConnection.class);

    private final ConnectionContext context;
    private final Peer peer;
    private final ClientEnds ends;
    private ClientInfo info;
    private final @Nullable ClientDemand demand;
    private final ConnectionEnd end;
    private final Http1Requests requests;
    private final Deadlines.Entry deadline = new Deadline();
    private Channel channel;
    private ReadControl reads;
    private @Nullable LingeringClose closing;
    private boolean ended;
    private boolean inputEnded;

    /** @param demand null for a connection without TLS */
    public Http1ClientConnection(
            ConnectionContext context, Peer peer, ClientInfo info, @Nullable ClientDemand demand, ConnectionEnd end) {
        this.context = context;
        this.peer = peer;
        this.ends = new ClientEnds(peer.client(), peer.local());
        this.info = info;
        this.demand = demand;
        this.end = end;
        this.requests = new Http1Requests(context, this);
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            Http1ClientConnection.this.timedOut();
        }
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        channel = handler.channel();
        reads = new ReadControl(channel);
    }

    @Override
    public void channelActive(ChannelHandlerContext handler) {
        if (context.clients().add(this) > context.settings().limit()) {
            turnAway();
        } else {
            arm(context.requestlessMillis());
        }
    }

    @Override
    public void takeOver(OpenConnection before) {
        context.clients().replace(before, this);
        arm(context.requestlessMillis());
    }

    /** Answers what is no request, and ends the connection. */
    public void refuse(LocalReply reply) {
        requests.refuse(reply);
    }

    /** Answers and closes at once: a client past the limit is not even lingered for. */
    private void turnAway() {
        ended = true;
        LocalReply reply = LocalReplies.TOO_MANY_CONNECTIONS;
        context.admission().observe(reply, info, PROTOCOL);
        channel.writeAndFlush(reply.write(
                        channel.alloc(),
                        LocalReply.Form.PROBLEM,
                        false,
                        true,
                        context.loop().dateLine()))
                .addListener(ChannelFutureListener.CLOSE);
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
            requests.received(in);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        requests.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext handler, Object event) {
        if (inputEnded || !end.isInputEnd(event)) {
            return;
        }
        inputEnded = true;
        if (end.isOutputLost()) {
            leave();
        } else if (closing != null) {
            closing.inputEnded();
        } else if (!ended) {
            requests.inputEnded();
        }
    }

    /** Ends the connection of a client that neither sends nor takes anything any more. */
    private void leave() {
        ended = true;
        requests.clientGone();
        end.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        ended = true;
        context.loop().deadlines().remove(deadline);
        context.clients().remove(this);
        requests.clientGone();
        ends.end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            context.loop().buffers().refused();
        } else if (!ClientConnection.isOfPeer(cause)) {
            LOG.error("A client's connection failed on a fault of Turnout's own and was closed", cause);
        }
        end.abort(false);
    }

    private void timedOut() {
        if (closing != null) {
            closing.timedOut();
        } else if (requests.haveHeadBegun()) {
            requests.refuse(LocalReplies.CLIENT_HEAD_TIMEOUT);
        } else {
            close();
        }
    }

    // --- For the requests ------------------------------------------------------------------------------------------

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public ConnectionEnd ending() {
        return end;
    }

    @Override
    public ClientEnds ends() {
        return ends;
    }

    @Override
    public ClientInfo info() {
        return info;
    }

    @Override
    public boolean fits(RequestHead head) {
        return demand == null || demand.fits(head);
    }

    @Override
    public @Nullable Object headBudgetKey() {
        return peer.headBudgetKey(context.settings());
    }

    @Override
    public boolean maySpeakHttp2() {
        return demand == null && context.settings().http2().plain();
    }

    @Override
    public void speakHttp2(ByteBuf in) {
        ended = true;
        context.loop().deadlines().remove(deadline);
        Http2ClientConnection next = new Http2ClientConnection(context, channel, peer, info, demand, end);
        channel.pipeline().addLast(next);
        channel.pipeline().remove(this);
        next.takeOver(this);
        channel.pipeline().fireChannelRead(in);
    }

    @Override
    public void arm(long millis) {
        context.loop().deadlines().arm(deadline, millis);
    }

    @Override
    public void disarm() {
        context.loop().deadlines().disarm(deadline);
    }

    @Override
    public void updateReading() {
        reads.setReading(ended || requests.wantsBytes(reads.noticesEndUnread()));
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void stop() {
        if (requests.areIdle() && !ended) {
            arm(ConnectionContext.STOP_GRACE_MILLIS);
        }
    }

    @Override
    public void trustChanged() {
        info = info.trusted(peer.isTrusted(context.settings()));
    }

    @Override
    public boolean closeIfIdle(long leastMillis) {
        boolean isIdle = requests.areIdle() && requests.linger() == null && !ended && Buffers.backlog(channel) == 0;
        if (!isIdle || context.loop().deadlines().age(deadline) < leastMillis) {
            return false;
        }
        end.close();
        return true;
    }

    @Override
    public void dropUnfinishedHead() {
        requests.refuse(LocalReplies.TOO_MANY_HEADS);
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        requests.end();
        updateReading();
        closing = new LingeringClose(channel, end, context, deadline, requests.linger(), inputEnded);
    }

    @Override
    public void abort(boolean reset) {
        ended = true;
        requests.end();
        end.abort(reset);
    }
}
