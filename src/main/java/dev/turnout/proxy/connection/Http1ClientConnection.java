package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection: its time, its end, and its change to HTTP/2. {@link Http1Requests} reads the requests.
 * Event loop only.
 */
public final class Http1ClientConnection extends ClientConnection implements RequestConnection {

    /** What an access log says of what is no request. */
    public static final String PROTOCOL = "HTTP/1.1";

    private final Http1Requests requests;

    /** @param demand null for a connection without TLS */
    public Http1ClientConnection(
            ConnectionContext context,
            Channel channel,
            Peer peer,
            ClientInfo info,
            @Nullable ClientDemand demand,
            ConnectionEnd end) {
        super(context, channel, peer, info, demand, end);
        this.requests = new Http1Requests(context, this);
    }

    // --- Events ----------------------------------------------------------------------------------------------------

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
        super.takeOver(before);
        arm(context.requestlessMillis());
    }

    /** Answers what is no request, and ends the connection. */
    public void refuse(LocalReply reply) {
        requests.refuse(reply);
    }

    /** Answers and closes at once: a client past the limit is not even lingered for. */
    private void turnAway() {
        markEnded();
        LocalReply reply = LocalReplies.TOO_MANY_CONNECTIONS;
        context.admission().observe(reply, info(), PROTOCOL);
        channel.writeAndFlush(reply.write(
                        channel.alloc(),
                        LocalReply.Form.PROBLEM,
                        false,
                        true,
                        context.loop().dateLine()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    void received(ByteBuf in) {
        requests.received(in);
    }

    @Override
    void received(PipedBytes piece) {
        requests.received(piece);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        requests.writabilityChanged();
    }

    @Override
    void inputEnds() {
        requests.inputEnded();
    }

    @Override
    void drop() {
        requests.clientGone();
    }

    @Override
    void timedOut() {
        if (requests.haveHeadBegun()) {
            requests.refuse(LocalReplies.CLIENT_HEAD_TIMEOUT);
        } else {
            close();
        }
    }

    // --- For the requests ------------------------------------------------------------------------------------------

    @Override
    public ConnectionEnd ending() {
        return end;
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
        markEnded();
        forgetTime();
        Http2ClientConnection next = new Http2ClientConnection(context, channel, peer, info(), demand, end);
        ChannelHandlerContext left = channel.pipeline().context(this);
        channel.pipeline().replace(this, null, next);
        next.takeOver(this);
        // The bytes have passed what stands before this handler, such as the wait for a header of the PROXY protocol.
        left.fireChannelRead(in);
    }

    @Override
    public void splice(long count, PlainSocket to) {
        reads.splice(context.loop().pipes(), end.socket(), to, count);
    }

    @Override
    public void endSplice() {
        reads.endSplice();
    }

    @Override
    public void updateReading() {
        reads.setReading(hasEnded() || requests.wantsBytes(reads.noticesEndUnread()));
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void stop() {
        if (requests.areIdle() && !hasEnded()) {
            arm(ConnectionContext.STOP_GRACE_MILLIS);
        }
    }

    @Override
    public boolean closeIfIdle(long leastMillis) {
        boolean isIdle =
                requests.areIdle() && requests.linger() == null && !hasEnded() && Buffers.backlog(channel) == 0;
        if (!isIdle || !isArmedFor(leastMillis)) {
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
        if (!hasEnded()) {
            requests.end();
            linger(requests.linger());
        }
    }

    @Override
    public void abort(boolean reset) {
        markEnded();
        requests.end();
        end.abort(reset);
    }
}
