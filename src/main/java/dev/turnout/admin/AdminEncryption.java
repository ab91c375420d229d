package dev.turnout.admin;

import dev.turnout.admin.AdminConnections.Standing;
import dev.turnout.tls.HandshakeTasks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one connection of the admin server: the first handler of its pipeline. The connection is counted and timed by its
 * {@link AdminConnection} from the first byte on. What a caller does wrong is told in the log at debug only: anybody can
 * send it. Event loop only.
 */
final class AdminEncryption extends ChannelDuplexHandler {

    private static final Logger LOG = Logger.getLogger(AdminEncryption.class);

    /** The first byte of a ClientHello (RFC 8446, section 5.1). */
    private static final int HANDSHAKE = 0x16;

    /** Milliseconds for a caller to take the last words of TLS. */
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final AdminTls tls;
    private final AdminConnection connection;
    private final HandshakeTasks tasks;
    private @Nullable SslHandler handler;

    /** @param tasks runs the expensive steps of handshakes, where the engine has such steps */
    AdminEncryption(AdminTls tls, AdminConnection connection, HandshakeTasks tasks) {
        this.tls = tls;
        this.connection = connection;
        this.tasks = tasks;
    }

    /** Returns the handler of TLS of a connection whose handshake is done; null otherwise. */
    static @Nullable SslHandler established(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler != null && handler.handshakeFuture().isSuccess() ? handler : null;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
        if (connection.standing() == Standing.LEAVING || handler == null && !begin(from, (ByteBuf) message)) {
            ReferenceCountUtil.release(message);
        } else {
            super.channelRead(from, message);
        }
    }

    /** Returns true if the bytes are to go on to the handler of TLS. */
    private boolean begin(ChannelHandlerContext from, ByteBuf first) {
        if (!first.isReadable()) {
            return false;
        }
        if (first.getByte(first.readerIndex()) != HANDSHAKE) {
            refusePlain(from);
            return false;
        }
        Optional<SslContext> context = tls.context();
        if (context.isEmpty()) {
            from.close();
            return false;
        }
        SslHandler added = tasks.callerHandler(context.get(), from.alloc());
        added.setHandshakeTimeoutMillis(0);
        added.setCloseNotifyFlushTimeoutMillis(LAST_WORDS_MILLIS);
        added.handshakeFuture().addListener(done -> {
            if (!done.isSuccess()) {
                LOG.debugf(
                        "A TLS handshake of %s with the admin port failed: %s",
                        from.channel().remoteAddress(), done.cause());
            }
        });
        from.pipeline().addAfter(from.name(), null, added);
        handler = added;
        return true;
    }

    /** A token may have come with the call. It is too late to keep it secret, so the answer tells. */
    private void refusePlain(ChannelHandlerContext from) {
        byte[] body = Problem.of(
                        "https-only",
                        400,
                        "The admin port speaks HTTPS",
                        "Nothing was done: the call came in plain HTTP, and turnout.admin.tls.cert is set. Call with"
                                + " https://. If a token was sent, it crossed the network in clear: replace it.")
                .text()
                .getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 400 Bad Request\r\nContent-Type: " + Problem.CONTENT_TYPE + "\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        from.writeAndFlush(Unpooled.wrappedBuffer(head, body)).addListener(sent -> connection.leave());
    }

    /** The handler of TLS closes behind its alert. A reset by what the caller still sends would destroy the alert. */
    @Override
    public void close(ChannelHandlerContext to, ChannelPromise promise) throws Exception {
        boolean isFailed = handler != null
                && handler.handshakeFuture().isDone()
                && !handler.handshakeFuture().isSuccess();
        if (isFailed
                && connection.standing() != Standing.LEAVING
                && to.channel().isActive()) {
            connection.leave();
            to.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            super.close(to, promise);
        }
    }
}
