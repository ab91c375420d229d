package dev.turnout.admin;

import dev.turnout.config.AdminAddress;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.tls.HandshakeTasks;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The server of the admin port. Quarkus' own server limits neither the number of connections nor their time. So this server
 * takes the connections, and hands calls to Quarkus' routes behind the {@link Door}.
 *
 * <p>All connections are on one event loop, which serves nobody else: what a call costs delays no request of the traffic.
 */
@Singleton
public final class AdminServer {

    private static final int HEAD_BYTES = 16 * 1024;
    /** Where the front reaches this server if the admin port speaks HTTPS. */
    private static final String FOR_FRONT = "127.0.0.1";

    private static final int REQUEST_LINE_BYTES = 8 * 1024;

    private final HttpServer server;
    private final Optional<HttpServer> forFront;
    private final AdminConfig admin;
    private final AdminTls tls;
    private final AcceptGate gate = new AcceptGate();
    private final VertxInternal vertx;
    private final HandshakeTasks handshakes = new HandshakeTasks();

    AdminServer(Vertx vertx, TurnoutConfig config, AdminTls tls, Door door) {
        this.vertx = (VertxInternal) vertx;
        this.admin = config.admin();
        this.tls = tls;
        this.server = server(
                options()
                        .setHost(admin.host())
                        .setPort(admin.port())
                        .setReusePort(config.listen().reusePort()),
                tls.isOn(),
                door);
        this.forFront = tls.isOn() && admin.onFront()
                ? Optional.of(server(options().setHost(FOR_FRONT).setPort(0), false, door)
                        .requestHandler(door::openFromFront))
                : Optional.empty();
    }

    /** Returns the options, without HTTP/2: the guard compares the Host header, which HTTP/2 does not have. */
    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setTcpKeepAlive(true)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEAD_BYTES)
                .setMaxInitialLineLength(REQUEST_LINE_BYTES);
    }

    private HttpServer server(HttpServerOptions options, boolean isSecure, Door door) {
        AdminConnections connections = new AdminConnections(admin.connections());
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> connected(connection, connections, isSecure))
                .invalidRequestHandler(door::unreadable)
                .requestHandler(door::open);
    }

    /** Begins to listen. Nobody is accepted before {@link #accept}. */
    public CompletionStage<Void> listen() {
        return listen(server)
                .thenCompose(listening -> forFront.map(this::listen).orElse(CompletableFuture.completedStage(null)));
    }

    /** Has all connections served by the event loop that accepts them: it has nothing to do with the traffic. */
    private CompletionStage<Void> listen(HttpServer one) {
        ContextInternal own = vertx.createEventLoopContext(
                vertx.getAcceptorEventLoopGroup().next(),
                vertx.getWorkerPool(),
                Thread.currentThread().getContextClassLoader());
        Promise<HttpServer> opened = Promise.promise();
        own.runOnContext(begun -> one.listen().onComplete(opened));
        return opened.future()
                .toCompletionStage()
                .thenCompose(listening -> gate.install(vertx.getAcceptorEventLoopGroup(), one.actualPort()));
    }

    /** Begins to accept connections. To be called after {@link #listen} has completed. */
    public void accept() {
        gate.open();
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return server.actualPort();
    }

    /**
     * Returns the address for calls that the front has taken: in plain HTTP, also if the admin port speaks HTTPS. Nobody
     * but the front is answered there.
     */
    public AdminAddress addressForFront() {
        return forFront.map(loopback -> new AdminAddress(FOR_FRONT, loopback.actualPort()))
                .orElseGet(() -> AdminAddress.reaching(admin.host(), port()));
    }

    /** Stops listening and closes all connections. */
    public CompletionStage<Void> close() {
        handshakes.close();
        return Future.join(server.close(), forFront.map(HttpServer::close).orElse(Future.succeededFuture()))
                .<Void>mapEmpty()
                .toCompletionStage();
    }

    private void connected(HttpConnection connection, AdminConnections connections, boolean isSecure) {
        Channel channel = ((ConnectionBase) connection).channel();
        gate.arrived(channel);
        AdminConnection clock = new AdminConnection(
                connections, admin.arrival().toMillis(), admin.idle().toMillis());
        if (connections.admit(clock)) {
            clock.attach(connection);
            if (isSecure) {
                channel.pipeline().addFirst(new AdminEncryption(tls, clock, handshakes));
            }
        } else if (isSecure) {
            channel.close();
        } else {
            turnAway(((ConnectionBase) connection).channelHandlerContext());
        }
    }

    private static void turnAway(ChannelHandlerContext context) {
        byte[] body = Problems.status(503).text().getBytes(StandardCharsets.UTF_8);
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE, Unpooled.wrappedBuffer(body));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
