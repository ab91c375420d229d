package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A reader of events learns what the fleet is like")
final class EventSubscriptionTest {

    private static final int SMALL_BUFFER = 8 << 10;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final EventLog log = new EventLog("abc");
    private final CompletableFuture<Opened> opened = new CompletableFuture<>();
    private volatile int revision = 1;

    /** A stream, and the response that it is written to. */
    private record Opened(EventSubscription subscription, HttpServerResponse response) {}

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void add(int characters) {
        log.add(Optional.of("shop"), "step", new JsonObject().put("text", "x".repeat(characters)));
    }

    /** Opens a stream whose reader takes little at a time. */
    private Socket open(Consumer<EventSubscription> begin) throws Exception {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        loop.runOnContext(now -> vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(SMALL_BUFFER))
                .requestHandler(request -> subscribe(request, begin))
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port.complete(server.actualPort()))
                .onFailure(port::completeExceptionally));
        Socket reader = new Socket();
        reader.setReceiveBufferSize(SMALL_BUFFER);
        reader.setSoTimeout(Math.toIntExact(Await.PATIENCE.toMillis()));
        reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), patiently(port)));
        reader.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return reader;
    }

    private void subscribe(HttpServerRequest request, Consumer<EventSubscription> begin) {
        HttpServerResponse response = request.response().setChunked(true);
        EventSubscription subscription = new EventSubscription(
                response,
                vertx.getOrCreateContext(),
                log,
                Optional.empty(),
                service -> Optional.empty(),
                () -> Optional.of(new JsonObject().put("revision", revision)));
        begin.accept(subscription);
        opened.complete(new Opened(subscription, response));
    }

    private static <T> T patiently(CompletableFuture<T> future) throws Exception {
        return future.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String readUntil(Socket reader, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] some = new byte[SMALL_BUFFER];
        while (read.indexOf(text) < 0) {
            int count = reader.getInputStream().read(some);
            assertThat(count).as("the stream has ended").isPositive();
            read.append(new String(some, 0, count, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    @Test
    @DisplayName("behind the events that it has missed")
    void a_reader_that_comes_back_gets_the_fleet() throws Exception {
        add(1);

        try (Socket reader = open(subscription -> subscription.resume(1))) {
            assertThat(readUntil(reader, "event: fleet")).contains("event: step");
        }
    }

    @Test
    @DisplayName("once it reads again")
    void a_reader_that_was_behind_gets_the_fleet() throws Exception {
        try (Socket reader = open(subscription -> subscription.begin(List.of()))) {
            Opened stream = patiently(opened);
            Await.until("the reader is behind", () -> {
                add(60 << 10);
                stream.subscription().wake();
                return stream.response().writeQueueFull();
            });

            revision = 2;
            stream.subscription().offerFleet();

            assertThat(readUntil(reader, "\"revision\":2}")).contains("event: step");
        }
    }
}
