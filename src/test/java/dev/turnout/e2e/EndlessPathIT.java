package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What turnout.drain.endless names ends at its place in a drain: polls are answered, responses are ended")
final class EndlessPathIT {

    private static final int DRAIN_MILLIS = 8000;

    /** A request that has waited for less may be no poll. */
    private static final int POLL_MILLIS = 1000;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private Backend blue;
    private Backend green;
    private TurnoutProcess turnout;

    @BeforeEach
    void start() {
        blue = arena.backend().always(new Effect.Fed(pieces));
        green = arena.application("green");
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.drain.timeout", DRAIN_MILLIS + "ms")
                .set("turnout.drain.endless", "/poll,/chat/*/*/xhr"));
    }

    private void feed(String bytes) {
        pieces.add(bytes.getBytes(ISO_8859_1));
    }

    private RawClient ask(String method, String path) throws Exception {
        RawClient client = turnout.connect();
        long before = blue.requests();
        client.send(method + " " + path + " HTTP/1.1\r\nHost: app.example\r\nContent-Length: 0\r\n\r\n");
        Await.until("the request has arrived", () -> blue.requests() > before);
        return client;
    }

    private CompletableFuture<Admin.Answer> flip() {
        return turnout.admin().postAsync("/admin/switch?to=green");
    }

    private static JsonObject drain(CompletableFuture<Admin.Answer> flip) throws Exception {
        return flip.get(30, TimeUnit.SECONDS).expect(200).json().getJsonObject("drain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/poll", "/poll?since=1", "/poll/a/b", "/chat/7/abc/xhr", "/chat/7/abc/xhr/x"})
    void a_poll_is_answered_so_that_its_client_asks_again(String path) throws Exception {
        try (RawClient client = ask("POST", path)) {
            Await.pause(Duration.ofMillis(POLL_MILLIS));
            var flip = flip();
            Response answer = client.read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.fields().only("X-Turnout")).contains("drained");
            assertThat(answer.fields().only("Retry-After")).contains("0");
            assertThat(answer.body().length()).isZero();
            assertThat(client.get("/next").read().text()).isEqualTo("green");
            JsonObject drain = drain(flip);
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("completed")).isEqualTo(1);
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
            assertThat(drain.getLong("waitedMillis")).isLessThan(POLL_MILLIS);
            assertThat(turnout.admin().target("blue").getLong("failures")).isZero();
        }
    }

    /** Without a gate: on a busy machine the second after which it would be a poll is over quickly. */
    @Test
    void a_request_that_may_be_answered_as_fast_as_any_is_waited_for() throws Exception {
        try (RawClient client = ask("POST", "/chat/7/abc/xhr")) {
            var flip = turnout.admin().postAsync("/admin/switch?to=green&force=true");
            Await.until("the switch", () -> turnout.admin().active().equals("green"));
            feed("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(204);
            assertThat(drain(flip).getInteger("streamsEnded")).isZero();
        }
    }

    @Test
    void a_poll_that_has_just_begun_is_answered_when_it_is_a_second_old() throws Exception {
        long asked = System.nanoTime();
        try (RawClient client = ask("GET", "/poll")) {
            var flip = flip();
            assertThat(client.read().status()).isEqualTo(503);
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            assertThat(waited).isBetween((long) POLL_MILLIS, POLL_MILLIS * 3L);
            assertThat(drain(flip).getBoolean("drained")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/polls", "/chat/7/xhr", "/chat/7/abc/xhr_send", "/chat//abc/xhr", "/x/poll"})
    void what_is_not_named_is_waited_for(String path) throws Exception {
        try (RawClient client = ask("GET", path)) {
            Await.pause(Duration.ofMillis(POLL_MILLIS));
            var flip = flip();
            Await.until("the drain", () -> turnout.admin().isDraining());
            Await.pause(Duration.ofMillis(POLL_MILLIS));
            feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.read().text()).isEqualTo("ok");
            assertThat(drain(flip).getInteger("streamsEnded")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
    void a_chunked_response_of_any_type_ends_behind_a_chunk(String version) throws Exception {
        feed("HTTP/1.1 200 OK\r\nContent-Type: application/javascript\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "6\r\na[\"x\"]\r\n");
        try (RawClient client = turnout.connect()) {
            client.send("POST /poll " + version + "\r\nHost: app.example\r\nContent-Length: 0\r\n\r\n");
            Await.until("the request has arrived", () -> blue.requests() == 1);
            var flip = flip();
            assertThat(client.read().text()).isEqualTo("a[\"x\"]");
            JsonObject drain = drain(flip);
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
        }
    }

    @Test
    void a_response_up_to_the_close_ends_with_a_close() throws Exception {
        feed("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nso far");
        try (RawClient client = ask("GET", "/poll")) {
            var flip = flip();
            assertThat(client.read().text()).isEqualTo("so far");
            assertThat(drain(flip).getInteger("streamsEnded")).isEqualTo(1);
        }
    }

    @Test
    void a_response_with_a_length_is_cut_and_named() throws Exception {
        feed("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far");
        try (RawClient client = ask("GET", "/poll/radio")) {
            JsonObject drain = drain(flip());
            assertThat(drain.getBoolean("drained")).isFalse();
            assertThat(drain.getJsonArray("cut").getJsonObject(0).getString("path"))
                    .isEqualTo("/poll/radio");
            assertThat(drain.getInteger("completed")).isZero();
            assertThat(drain.getLong("waitedMillis")).isLessThan(DRAIN_MILLIS / 2);
            assertThat(new String(client.readUntilClosed(), ISO_8859_1)).endsWith("so far");
            assertThat(turnout.admin().target("blue").getLong("inFlight")).isZero();
        }
    }

    @Test
    void an_upload_is_no_poll() throws Exception {
        try (RawClient client = turnout.connect()) {
            client.send("POST /poll HTTP/1.1\r\nHost: app.example\r\nContent-Length: 4\r\n\r\nab");
            Await.until("the request has arrived", () -> blue.requests() == 1);
            Await.pause(Duration.ofMillis(POLL_MILLIS));
            var flip = flip();
            Await.until("the drain", () -> turnout.admin().isDraining());
            Await.pause(Duration.ofMillis(POLL_MILLIS / 2));
            feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            client.send("cd");
            assertThat(client.read().text()).isEqualTo("ok");
            assertThat(drain(flip).getInteger("streamsEnded")).isZero();
        }
    }

    @Test
    void a_stop_answers_polls_too() throws Exception {
        try (RawClient client = ask("GET", "/poll")) {
            turnout.terminate();
            Response answer = client.read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.announcesClose()).isTrue();
            assertThat(turnout.awaitExit()).isZero();
        }
    }

    @Test
    void a_tunnel_that_is_no_websocket_ends_once_nothing_passes() throws Exception {
        feed("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nprompt> ");
        try (RawClient client = turnout.connect()) {
            client.send("POST /containers/a/attach HTTP/1.1\r\nHost: app.example\r\nConnection: Upgrade\r\n"
                    + "Upgrade: tcp\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(101);
            var flip = flip();
            assertThat(new String(client.readUntilClosed(), ISO_8859_1)).isEqualTo("prompt> ");
            JsonObject drain = drain(flip);
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("webSocketsClosed")).isZero();
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
            assertThat(drain.getLong("waitedMillis")).isLessThan(DRAIN_MILLIS / 2);
        }
    }

    @Test
    void a_tunnel_that_is_no_websocket_is_left_alone_while_bytes_pass() throws Exception {
        feed("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        try (RawClient client = turnout.connect()) {
            client.send("POST /exec/a/start HTTP/1.1\r\nHost: app.example\r\nConnection: Upgrade\r\n"
                    + "Upgrade: tcp\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(101);
            var flip = flip();
            Await.until("the drain", () -> turnout.admin().isDraining());
            for (int i = 0; i < 30; i++) {
                client.send("x");
                Await.pause(Duration.ofMillis(100));
            }
            feed("all done");
            feed("");
            assertThat(new String(client.readUntilClosed(), ISO_8859_1)).isEqualTo("all done");
            client.end(SocketEnd.CLOSE);
            JsonObject drain = drain(flip);
            assertThat(drain.getInteger("completed")).isEqualTo(1);
            assertThat(drain.getInteger("streamsEnded")).isZero();
        }
    }
}
