package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a client leaves undone is not the target's failure, and holds nobody")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("alone")
final class UnfinishedRequestIT {

    private static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        green = arena.application("green");
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.client.body", "1s")
                .set("turnout.upstream.body", "700ms")
                .set("turnout.upstream.head", "700ms")
                .set("turnout.limits.body", "1M"));
    }

    @BeforeEach
    void reset() {
        turnout.admin().post("/admin/switch?to=blue&force=true");
        blue.always(Effect.ok("blue"));
        blue.forget();
    }

    private JsonObject target() {
        return turnout.admin().target("blue");
    }

    private void assertNoFailureAfter(Attack attack) throws IOException {
        int before = target().getInteger("failures");
        attack.run();
        Await.until("nothing is in flight", () -> target().getInteger("inFlight") == 0);
        assertThat(target().getInteger("failures")).isEqualTo(before);
    }

    private interface Attack {
        void run() throws IOException;
    }

    @Test
    void a_body_that_does_not_come_is_408() throws IOException {
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect().send(POST)) {
                assertThat(client.read("POST").status()).isEqualTo(408);
            }
        });
    }

    @Test
    void a_body_that_does_not_come_behind_a_whole_answer_is_nobodys_failure() throws IOException {
        blue.always(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect().send(POST)) {
                assertThat(client.read("POST").text()).isEqualTo("well");
                Await.until("the claim has ended", () -> target().getInteger("inFlight") == 0);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        });
    }

    @Test
    void a_broken_chunk_is_the_clients() throws IOException {
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                Await.until("the head has come", () -> !blue.arrivals().isEmpty());
                client.send("zz\r\n");
                assertThat(client.read("POST").status()).isEqualTo(400);
            }
        });
    }

    @Test
    void a_body_over_the_limit_is_the_clients() throws IOException {
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                Await.until("the head has come", () -> !blue.arrivals().isEmpty());
                client.send("200000\r\n" + "x".repeat(0x200000) + "\r\n");
                assertThat(client.read("POST").status()).isEqualTo(413);
            }
        });
    }

    @Test
    void a_client_that_goes_in_its_own_turn_is_its_own() throws IOException {
        assertNoFailureAfter(() -> {
            RawClient client = turnout.connect().send(POST);
            Await.until("the head has come", () -> !blue.arrivals().isEmpty());
            client.end(SocketEnd.RESET);
        });
    }

    @Test
    void a_target_that_tires_of_a_client_is_not_to_blame() throws IOException {
        blue.always(new Effect.Unread(new CountDownLatch(0), new Effect.EndUnread(SocketEnd.CLOSE)));
        Effect tires = exchange -> {
            exchange.pause(Duration.ofMillis(1_000));
            exchange.end(SocketEnd.CLOSE);
        };
        blue.always(tires);
        TurnoutProcess patient = arena.start(TurnoutProcess.with().blue(blue).green(green));
        try (RawClient client = patient.connect().send(POST)) {
            assertThat(client.read("POST").status()).isEqualTo(502);
        }
        assertThat(patient.admin().target("blue").getInteger("failures")).isZero();
    }

    @Test
    void a_target_that_tires_of_a_client_that_sends_drop_by_drop_is_not_to_blame() throws IOException {
        blue.always(exchange -> {
            exchange.pause(Duration.ofMillis(1_500));
            exchange.end(SocketEnd.CLOSE);
        });
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect().send(POST)) {
                for (int i = 0; i < 90 && !client.hasMoreWithin(Duration.ofMillis(100)); i++) {
                    client.send("x");
                }
                assertThat(client.read("POST").status()).isEqualTo(502);
            }
        });
    }

    @Test
    void an_answer_before_the_body_hides_no_request_that_waits() throws IOException {
        TurnoutProcess patient = arena.start(TurnoutProcess.with().blue(blue).green(green));
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("late")));
        try (RawClient waiting = patient.connect().get("/");
                RawClient early = patient.connect()) {
            Await.until("the request has come", () -> blue.arrivals().size() == 1);
            blue.next(new Effect.EarlyResponse(
                    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".getBytes(), SocketEnd.STALL));
            assertThat(early.send(POST).hasMoreWithin(Duration.ofSeconds(5))).isTrue();
            assertThat(patient.admin().target("blue").getInteger("inFlight")).isEqualTo(2);
            assertThat(patient.admin().target("blue").getInteger("awaited")).isEqualTo(1);
            word.countDown();
            assertThat(waiting.read().text()).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "413 Content Too Large"})
    void an_answer_before_the_body_that_ends_with_its_connection_is_whole(String status) throws IOException {
        byte[] answer = ("HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\nwell").getBytes();
        blue.always(new Effect.Unread(new CountDownLatch(0), new Effect.EarlyResponse(answer, SocketEnd.CLOSE)));
        assertNoFailureAfter(() -> {
            try (RawClient client = turnout.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
                client.send("x".repeat(400_000));
                assertThat(client.read("POST").text()).isEqualTo("well");
            }
        });
    }

    @Test
    void a_target_that_dies_in_an_upload_that_flows_is_to_blame() throws IOException {
        int before = target().getInteger("failures");
        blue.always(new Effect.EndUnread(SocketEnd.RESET));
        try (RawClient client = turnout.connect().send(POST)) {
            assertThat(client.read("POST").status()).isEqualTo(502);
        }
        assertThat(target().getInteger("failures")).isEqualTo(before + 1);
    }

    @Test
    void a_target_that_does_not_answer_a_whole_request_is_to_blame() throws IOException {
        int before = target().getInteger("failures");
        blue.always(Effect.raw("", SocketEnd.STALL));
        try (RawClient client = turnout.connect().get("/")) {
            assertThat(client.read().status()).isEqualTo(504);
        }
        assertThat(target().getInteger("failures")).isEqualTo(before + 1);
    }

    @Test
    void uploads_that_are_owed_hold_no_drain_once_they_are_answered() throws IOException {
        blue.always(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        List<RawClient> owing = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawClient client = turnout.connect().send(POST);
            assertThat(client.read("POST").text()).isEqualTo("well");
            owing.add(client);
        }
        JsonObject receipt = turnout.admin().switchTo("green");
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(receipt.getJsonObject("drain").getLong("waitedMillis")).isLessThan(900);
        for (RawClient client : owing) {
            client.close();
        }
    }

    @Test
    void heartbeats_put_the_time_out_off() throws IOException {
        Effect beats = exchange -> {
            exchange.readBody();
            for (int i = 0; i < 4; i++) {
                exchange.send("HTTP/1.1 102 Processing\r\n\r\n".getBytes());
                exchange.pause(Duration.ofMillis(400));
            }
            exchange.send(WELL.getBytes());
        };
        blue.always(beats);
        try (RawClient client = turnout.connect().get("/")) {
            Response response = client.read();
            while (response.status() == 102) {
                response = client.read();
            }
            assertThat(response.text()).isEqualTo("well");
        }
    }

    @Test
    void heartbeats_do_not_put_the_time_out_off_without_end() throws IOException {
        Effect beats = exchange -> {
            exchange.readBody();
            while (true) {
                exchange.send("HTTP/1.1 102 Processing\r\n\r\n".getBytes());
                exchange.pause(Duration.ofMillis(300));
            }
        };
        blue.always(beats);
        try (RawClient client = turnout.connect().get("/")) {
            Response response = client.read();
            while (response.status() == 102) {
                response = client.read();
            }
            assertThat(response.status()).isEqualTo(504);
        }
    }

    @Test
    void what_was_dropped_of_one_request_leaves_the_next_one_its_whole_linger() throws IOException {
        TurnoutProcess own =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.limits.body", "12M"));
        byte[] body = new byte[12 << 20];
        blue.next(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        try (RawClient client = own.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("well");
            client.send(body);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (body.length + 1) + "\r\n\r\n");
            client.send(body);
            assertThat(client.read("POST").status()).isEqualTo(413);
        }
    }

    @Test
    void empty_lines_behind_a_body_begin_no_head() throws IOException {
        TurnoutProcess strict =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.client.head", "300ms"));
        try (RawClient client = strict.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}\r\n");
            assertThat(client.read("POST").text()).isEqualTo("blue");
            assertThat(client.send("\r\n\r").hasMoreWithin(Duration.ofMillis(700)))
                    .isFalse();
            assertThat(client.send("\n").get("/").read().text()).isEqualTo("blue");
            assertThat(client.send("\r\nG").read().status()).isEqualTo(408);
        }
    }

    @Test
    void a_refusal_reaches_a_client_that_reads_only_after_its_upload() throws IOException {
        blue.next(new Effect.EarlyResponse(
                "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig".getBytes(),
                SocketEnd.HALF_CLOSE));
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
            for (int i = 0; i < 30; i++) {
                client.send("x".repeat(30_000));
                Await.pause(Duration.ofMillis(100));
            }
            assertThat(client.read("POST").status()).isEqualTo(413);
        }
    }

    @Test
    void turnouts_own_refusal_reaches_such_a_client_too() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            for (int i = 0; i < 30; i++) {
                client.send("x".repeat(100_000));
                Await.pause(Duration.ofMillis(100));
            }
            assertThat(client.read("POST").status()).isEqualTo(413);
        }
    }

    @Test
    void a_request_that_comes_during_a_stop_of_a_paused_service_is_answered() throws IOException {
        TurnoutProcess stops =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.drain.timeout", "5s"));
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("held")));
        try (RawClient holds = stops.connect().get("/");
                RawClient late = stops.connect()) {
            Await.until("it is in flight", () -> blue.requests() == 1);
            stops.admin().post("/admin/pause").expect(200);
            stops.terminate();
            Await.until("it stops", () -> stops.log().contains("Stopping"));
            late.get("/late");
            Response response = late.read();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.fields().only("X-Turnout")).contains("stopping");
            word.countDown();
            assertThat(holds.read().text()).isEqualTo("held");
        }
    }
}
