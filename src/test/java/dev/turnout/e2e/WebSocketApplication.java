package dev.turnout.e2e;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A real WebSocket server, on Vert.x: it answers a short text with its own name and that text, and sends every other
 * frame back as it came. It knows the subprotocol {@code chat.v2} and is in good health.
 */
final class WebSocketApplication implements AutoCloseable {

    private static final int LARGEST = 16 * 1024 * 1024;
    private static final int SHORT = 100;

    private final String name;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Set<ServerWebSocket> open = ConcurrentHashMap.newKeySet();

    WebSocketApplication(String name) {
        this.name = name;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setPort(0)
                        .setHost("127.0.0.1")
                        .setMaxWebSocketFrameSize(LARGEST)
                        .setMaxWebSocketMessageSize(LARGEST)
                        .setWebSocketSubProtocols(List.of("chat.v2")))
                .requestHandler(request -> request.response().end(name))
                .webSocketHandler(this::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void serve(ServerWebSocket socket) {
        open.add(socket);
        socket.closeHandler(closed -> open.remove(socket));
        socket.frameHandler(frame -> answer(socket, frame));
        socket.drainHandler(drained -> socket.resume());
    }

    private void answer(ServerWebSocket socket, WebSocketFrame frame) {
        if (frame.isClose() || frame.isPing()) {
            return;
        }
        if (frame.isText() && frame.isFinal() && frame.textData().length() < SHORT) {
            socket.writeTextMessage(name + " " + frame.textData());
        } else {
            socket.writeFrame(frame);
        }
        if (socket.writeQueueFull()) {
            socket.pause();
        }
    }

    /** {@code host:port}, as Turnout's settings want it. */
    String address() {
        return "127.0.0.1:" + server.actualPort();
    }

    /** How many WebSockets are open now. */
    int openSockets() {
        return open.size();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
