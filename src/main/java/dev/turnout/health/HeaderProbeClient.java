package dev.turnout.health;

import dev.turnout.routing.Target;
import dev.turnout.tls.TargetTls;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request over a connection of its own that begins with a header of the PROXY protocol, before TLS. The HTTP
 * client of Vert.x can't send anything before TLS. There is no HTTP/2 with such a header, and so no gRPC.
 */
final class HeaderProbeClient implements ProbeClient {

    private static final int LEAST_FINAL_STATUS = 200;

    private final ProbePlan plan;
    private final String name;
    private final Buffer header;
    private final NetClient client;

    HeaderProbeClient(Vertx vertx, ProbePlan plan, String name, Buffer header) {
        this.plan = plan;
        this.name = name;
        this.header = header;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(plan.timeoutMillis()));
    }

    @Override
    public Future<ProbeReply> send(
            SocketAddress address, Target target, String path, Optional<Buffer> question, BodyCodec<Void> body) {
        return client.connect(address).compose(socket -> {
            ChannelHandlerContext context = ((NetSocketInternal) socket).channelHandlerContext();
            context.writeAndFlush(Unpooled.wrappedBuffer(header.getBytes()));
            return encrypt(context, target, plan.portOf(target))
                    .compose(encrypted -> exchange(socket, context, request(target, path), body))
                    .map(status -> new ProbeReply(status, null, null))
                    .onComplete(ended -> socket.close());
        });
    }

    private Future<Void> encrypt(ChannelHandlerContext context, Target target, int port) {
        if (plan.tls().isEmpty()) {
            return Future.succeededFuture();
        }
        TargetTls tls = plan.tls().get();
        SslHandler handler = tls.handler(context.alloc(), target.address().host(), port);
        Promise<Void> agreed = Promise.promise();
        handler.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                agreed.complete();
            } else {
                agreed.fail(handshake.cause());
            }
        });
        context.pipeline().addFirst(handler);
        return agreed.future();
    }

    private DefaultFullHttpRequest request(Target target, String path) {
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, plan.hostOf(target))
                .set(HttpHeaderNames.USER_AGENT, name)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return request;
    }

    private static Future<Integer> exchange(
            NetSocket socket, ChannelHandlerContext context, DefaultFullHttpRequest request, BodyCodec<Void> body) {
        Answer answer = new Answer();
        Handler<AsyncResult<BodyStream<Void>>> taken = stream -> answer.body = stream.result();
        body.create(taken);
        context.pipeline().addBefore(context.name(), null, new HttpClientCodec());
        ((NetSocketInternal) socket).messageHandler(answer::received);
        socket.exceptionHandler(answer.status::tryFail);
        socket.closeHandler(closed -> answer.status.tryFail(new HttpClosedException("Connection was closed")));
        context.writeAndFlush(request);
        return answer.status.future();
    }

    /** The response, as far as it has come. */
    private static final class Answer {

        private @Nullable BodyStream<Void> body;
        private final Promise<Integer> status = Promise.promise();
        private @Nullable HttpResponse head;

        private void received(Object message) {
            try {
                if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                    status.tryFail(part.decoderResult().cause());
                } else {
                    take(message);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void take(Object message) {
            if (message instanceof HttpResponse response && response.status().code() >= LEAST_FINAL_STATUS) {
                head = response;
            }
            if (message instanceof HttpContent content && head != null && body != null) {
                body.write(Buffer.buffer(ByteBufUtil.getBytes(content.content())))
                        .onFailure(status::tryFail);
            }
            if (message instanceof LastHttpContent && head != null) {
                status.tryComplete(head.status().code());
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
