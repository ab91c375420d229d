package dev.turnout.e2e;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * A real application with all that browsers ask for, on Vert.x. {@code /page} has 100 assets by script, and
 * {@code /links} by links. {@code /events} ticks without an end. {@code /upload} answers with length and checksum.
 * {@code /report} keeps what a page says. WebSockets send each text back. Everything else answers with the
 * application's name.
 */
final class BusyApplication implements AutoCloseable {

    static final int LINKS = 100;

    private static final long TICK_MILLIS = 50;

    private final String name;
    private final String page;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<String> reports = new CopyOnWriteArrayList<>();

    BusyApplication(String name, String page) {
        this.name = name;
        this.page = page;
        this.server = vertx.createHttpServer(new HttpServerOptions().setPort(0).setHost("127.0.0.1"))
                .requestHandler(this::answer)
                .webSocketHandler(BusyApplication::echo)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/page" ->
                request.response().putHeader("Content-Type", "text/html").end(page);
            case "/links" ->
                request.response()
                        .putHeader("Content-Type", "text/html")
                        .end(IntStream.range(0, LINKS)
                                .mapToObj(i -> "<script src=\"/asset/" + i + "\"></script>")
                                .collect(Collectors.joining()));
            case "/events" -> tick(request.response());
            case "/upload" -> receive(request);
            case "/report" -> {
                reports.add(request.query());
                request.response().end();
            }
            default ->
                request.response()
                        .putHeader("Cache-Control", "no-store")
                        .end(request.method() == HttpMethod.HEAD ? "" : name);
        }
    }

    private void tick(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/event-stream").setChunked(true);
        response.write("data: " + name + "\n\n");
        long timer = vertx.setPeriodic(TICK_MILLIS, id -> response.write("data: " + name + "\n\n"));
        response.closeHandler(closed -> vertx.cancelTimer(timer));
    }

    private static void receive(HttpServerRequest request) {
        CRC32 crc = new CRC32();
        long[] length = new long[1];
        request.handler(piece -> {
            length[0] += piece.length();
            crc.update(piece.getBytes());
        });
        request.endHandler(end -> request.response().end(Buffer.buffer(length[0] + " " + crc.getValue())));
    }

    private static void echo(ServerWebSocket socket) {
        socket.textMessageHandler(socket::writeTextMessage);
    }

    /** {@code host:port}, as Turnout's settings want it. */
    String address() {
        return "127.0.0.1:" + server.actualPort();
    }

    /** What pages have said, by their queries. */
    List<String> reports() {
        return List.copyOf(reports);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
