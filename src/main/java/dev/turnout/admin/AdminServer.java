package dev.turnout.admin;

import dev.turnout.config.AdminConfig;
import dev.turnout.config.TurnoutConfig;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/**
 * The server of the admin port. Quarkus' own server limits neither the number of connections nor their time. So this server
 * takes the connections, and hands calls to Quarkus' routes behind the {@link Door}.
 *
 * <p>All connections are on one event loop.
 */
@Singleton
public final class AdminServer {

    private static final int HEAD_BYTES = 16 * 1024;
    private static final int REQUEST_LINE_BYTES = 8 * 1024;

    private final HttpServer server;
    private final AdminConnections connections;
    private final long arrivalMillis;
    private final long restMillis;
    private final AcceptGate gate = new AcceptGate();
    private final VertxInternal vertx;

    AdminServer(Vertx vertx, TurnoutConfig config, Door door) {
        this.vertx = (VertxInternal) vertx;
        AdminConfig admin = config.admin();
        this.connections = new AdminConnections(admin.connections());
        this.arrivalMillis = admin.arrival().toMillis();
        this.restMillis = admin.idle().toMillis();
        this.server = vertx.createHttpServer(options(admin, config.listen().reusePort()))
                .connectionHandler(this::connected)
                .invalidRequestHandler(door::unreadable)
                .requestHandler(door::open);
    }

    /** Returns the options, without HTTP/2: the guard compares the Host header, which HTTP/2 does not have. */
    private static HttpServerOptions options(AdminConfig admin, boolean reusePort) {
        return new HttpServerOptions()
                .setHost(admin.host())
                .setPort(admin.port())
                .setReusePort(reusePort)
                .setTcpKeepAlive(true)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEAD_BYTES)
                .setMaxInitialLineLength(REQUEST_LINE_BYTES);
    }

    /** Starts to listen. */
    public CompletionStage<Void> listen() {
        return server.listen()
                .toCompletionStage()
                .thenCompose(listening -> gate.install(vertx.getAcceptorEventLoopGroup(), port()));
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Stops listening and closes all connections. */
    public CompletionStage<Void> close() {
        return server.close().toCompletionStage();
    }

    private void connected(HttpConnection connection) {
        Channel channel = ((ConnectionBase) connection).channel();
        gate.arrived(channel);
        AdminConnection clock = new AdminConnection(connections, arrivalMillis, restMillis);
        if (connections.admit(clock)) {
            clock.attach(connection);
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
