package dev.turnout.health;

import dev.turnout.routing.Target;
import dev.turnout.tls.TargetTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
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
import io.netty.resolver.AddressResolverGroup;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request over a connection of its own that speaks HTTP/1.1, and that begins with a header of the PROXY
 * protocol if there is one.
 *
 * <p>Netty's parts do it. The HTTP client of Vert.x can't send anything before TLS, and a client for one request costs
 * three times as much as the request: most of what probes cost.
 */
final class Http1ProbeClient implements ProbeClient {

    private static final int LEAST_FINAL_STATUS = 200;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final ContextInternal context;
    private final Transport transport;
    private final AddressResolverGroup<InetSocketAddress> names;
    private final ProbePlan plan;
    private final String name;
    private final Set<Channel> open = new HashSet<>();

    Http1ProbeClient(Vertx vertx, ProbePlan plan, String name) {
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.transport = ((VertxInternal) vertx).transport();
        this.names = ((VertxInternal) vertx).nettyAddressResolverGroup();
        this.plan = plan;
        this.name = name;
    }

    @Override
    public Future<ProbeReply> send(
            SocketAddress address, Target target, String path, Optional<Buffer> question, BodyCodec<Void> body) {
        Channel channel;
        try {
            channel = transport.channelFactory(address.isDomainSocket()).newChannel();
        } catch (ChannelException e) {
            // There may be no descriptor left. In the executable Netty would write a stack trace and lose the cause.
            return context.failedFuture(e);
        }
        Exchange exchange = new Exchange(target, path, context.promise());
        Handler<AsyncResult<BodyStream<Void>>> taken = stream -> exchange.body = stream.result();
        body.create(taken);
        ChannelFuture connecting = new Bootstrap()
                .group(context.nettyEventLoop())
                .channelFactory(() -> channel)
                .resolver(names)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, plan.timeoutMillis())
                .handler(exchange)
                .connect(transport.convert(address));
        open.add(channel);
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                exchange.reply.tryFail(connected.cause());
            }
        });
        return exchange.reply.future().onComplete(ended -> {
            open.remove(channel);
            channel.close();
        });
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

    /** One request and its response, as far as it has come. */
    private final class Exchange extends SimpleChannelInboundHandler<HttpObject> {

        private final Target target;
        private final String path;
        private final Promise<ProbeReply> reply;
        private @Nullable BodyStream<Void> body;
        private @Nullable HttpResponse head;

        Exchange(Target target, String path, Promise<ProbeReply> reply) {
            this.target = target;
            this.path = path;
            this.reply = reply;
        }

        @Override
        public void channelActive(ChannelHandlerContext channel) {
            plan.header().ifPresent(header -> channel.writeAndFlush(Unpooled.wrappedBuffer(header.getBytes())));
            channel.pipeline().addBefore(channel.name(), null, new HttpClientCodec());
            plan.tls().ifPresentOrElse(tls -> encrypt(channel, tls), () -> ask(channel));
        }

        private void encrypt(ChannelHandlerContext channel, TargetTls tls) {
            SslHandler handler = tls.handler(channel.alloc(), target.address().host(), plan.portOf(target));
            handler.handshakeFuture().addListener(handshake -> {
                if (handshake.isSuccess()) {
                    ask(channel);
                } else {
                    reply.tryFail(handshake.cause());
                }
            });
            channel.pipeline().addFirst(handler);
        }

        private void ask(ChannelHandlerContext channel) {
            channel.writeAndFlush(request(target, path));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext channel, HttpObject part) {
            if (part.decoderResult().isFailure()) {
                reply.tryFail(part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpResponse response
                    && isFinal(response.status().code())) {
                head = response;
            }
            if (head == null) {
                return;
            }
            if (part instanceof HttpContent content && body != null) {
                body.write(Buffer.buffer(ByteBufUtil.getBytes(content.content())))
                        .onFailure(reply::tryFail);
            }
            if (part instanceof LastHttpContent) {
                reply.tryComplete(new ProbeReply(head.status().code(), null, null));
            }
        }

        private static boolean isFinal(int status) {
            return status >= LEAST_FINAL_STATUS || status == SWITCHING_PROTOCOLS;
        }

        @Override
        public void channelInactive(ChannelHandlerContext channel) {
            if (!reply.future().isComplete()) {
                reply.tryFail(new HttpClosedException("Connection was closed"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
            reply.tryFail(cause);
        }
    }

    @Override
    public void close() {
        Set.copyOf(open).forEach(Channel::close);
    }
}
