package dev.turnout.admin;

import dev.turnout.admin.AdminConnections.Standing;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one connection of the admin server. The handler is between the codec and Vert.x, and sees the
 * messages of both directions. Event loop only.
 *
 * <p>A call has one time limit to arrive, head and body together. While the call is carried out there is no limit, since a
 * switch may take long, and an event stream has no end. After the answer the connection has a time limit to be idle.
 */
final class AdminConnection extends ChannelDuplexHandler {

    /** The time for a caller to close after the last answer. An earlier reset could destroy the answer. Milliseconds. */
    private static final long LINGER_MILLIS = 1_000;

    private static final int FIRST_FINAL_STATUS = 200;
    private static final int LATE = 408;
    private static final int BROKEN = 400;

    private final AdminConnections all;
    private final long arrivalMillis;
    private final long restMillis;

    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable IntConsumer whenUnfinished;
    private Standing standing = Standing.UNKNOWN;
    private int unanswered;
    private Buffer body = Buffer.buffer();
    private boolean isWhole = true;
    private boolean isLastAnswer;
    private long backlog;

    /**
     * @param arrivalMillis how long a call may take to arrive
     * @param restMillis how long the connection may be without a call
     */
    AdminConnection(AdminConnections all, long arrivalMillis, long restMillis) {
        this.all = all;
        this.arrivalMillis = arrivalMillis;
        this.restMillis = restMillis;
    }

    /** Adds this handler to a new connection. */
    void attach(HttpConnection connection) {
        ChannelHandlerContext vertx = ((ConnectionBase) connection).channelHandlerContext();
        vertx.pipeline().addBefore(vertx.name(), "turnout-admin-connection", this);
    }

    /** Returns the handler of the connection that a call came on; null if the connection has ended. */
    static @Nullable AdminConnection of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().pipeline().get(AdminConnection.class);
    }

    /** Returns the context of this handler, which has been added to the pipeline. */
    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not added yet");
    }

    Standing standing() {
        return standing;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        arm(arrivalMillis);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        gone();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        gone();
        super.channelInactive(inactive);
    }

    private void gone() {
        all.remove(this);
        disarm();
    }

    // --- Calls -----------------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
        if (standing == Standing.LEAVING || isLastAnswer) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (whenUnfinished != null && isBroken(message)) {
            ReferenceCountUtil.release(message);
            whenUnfinished.accept(BROKEN);
            return;
        }
        if (message instanceof HttpRequest request) {
            refuseOtherVersions(request);
            unanswered++;
            isWhole = false;
            if (unanswered == 1) {
                arm(arrivalMillis);
            }
        }
        if (message instanceof LastHttpContent) {
            isWhole = true;
        }
        super.channelRead(from, message);
    }

    /** Vert.x would close the connection without an answer. */
    private static boolean isBroken(Object message) {
        return message instanceof HttpContent content && content.decoderResult().isFailure();
    }

    /** Vert.x would answer such a call by itself, and without a problem. */
    private static void refuseOtherVersions(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(DecoderResult.failure(new UnsupportedVersion(version.text())));
        }
    }

    /** Called when a call has passed the guard. */
    void passed() {
        standing = Standing.RESTING;
    }

    /** Sets the answer to a call whose body does not arrive whole, by status. Without this there is no answer. */
    void whenUnfinished(IntConsumer answer) {
        whenUnfinished = answer;
    }

    /** Called when a call has arrived whole and is carried out. */
    void works(Buffer whole) {
        body = whole;
        standing = Standing.WORKING;
        whenUnfinished = null;
        disarm();
    }

    /** Returns the body of the call that is carried out. */
    Buffer body() {
        return body;
    }

    /** Ends the connection after the answer that is written next. */
    void closeAfterAnswer() {
        isLastAnswer = true;
        whenUnfinished = null;
    }

    @Override
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) throws Exception {
        if (!isEndOfAnswer(message)) {
            super.write(to, message, promise);
            return;
        }
        ChannelPromise written = promise.unvoid();
        super.write(to, message, written);
        answered(written);
    }

    private static boolean isEndOfAnswer(Object message) {
        boolean isInterim =
                message instanceof HttpResponse response && response.status().code() < FIRST_FINAL_STATUS;
        return message instanceof LastHttpContent && !isInterim;
    }

    private void answered(ChannelPromise written) {
        unanswered = Math.max(0, unanswered - 1);
        whenUnfinished = null;
        if (standing == Standing.WORKING) {
            standing = Standing.RESTING;
            body = Buffer.buffer();
        }
        all.used(this);
        if (isLastAnswer) {
            written.addListener(done -> leave());
        }
        arm(unanswered == 0 ? restMillis : arrivalMillis);
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Vert.x closes at once, although the caller may still send: that would reset the connection. */
    @Override
    public void close(ChannelHandlerContext to, ChannelPromise promise) throws Exception {
        if (isWhole || standing == Standing.LEAVING || !to.channel().isActive()) {
            super.close(to, promise);
            return;
        }
        leave();
        to.channel().closeFuture().addListener(closed -> promise.trySuccess());
    }

    /** Ends this side of the connection, and drops what comes until the other side has ended too. */
    void leave() {
        Channel channel = context().channel();
        if (standing == Standing.LEAVING || !channel.isActive()) {
            return;
        }
        standing = Standing.LEAVING;
        channel.config().setAutoRead(true);
        arm(LINGER_MILLIS);
        SslHandler encryption = AdminEncryption.established(channel);
        if (encryption == null) {
            shutdownOutput(channel);
        } else {
            encryption.closeOutbound().addListener(told -> shutdownOutput(channel));
        }
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /** Ends the connection at once. Before the end of a handshake TLS has no last words. */
    void abort() {
        standing = Standing.LEAVING;
        Channel channel = context().channel();
        if (AdminEncryption.established(channel) == null) {
            channel.pipeline().firstContext().close();
        } else {
            context().close();
        }
    }

    private void arm(long millis) {
        disarm();
        backlog = backlog();
        timer = context().executor().schedule(this::timedOut, millis, TimeUnit.MILLISECONDS);
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void timedOut() {
        timer = null;
        IntConsumer answer = whenUnfinished;
        long left = backlog();
        if (standing != Standing.LEAVING && left > 0 && left < backlog) {
            arm(restMillis);
        } else if (answer != null) {
            arm(LINGER_MILLIS);
            answer.accept(LATE);
        } else {
            abort();
        }
    }

    /** Returns how many bytes of answers the caller has not taken yet. */
    private long backlog() {
        ChannelOutboundBuffer buffer = context().channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
