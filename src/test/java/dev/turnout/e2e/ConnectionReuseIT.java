package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("No client gets the answer to another client's bytes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectionReuseIT {

    private static final int VICTIMS = 6;
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(arena.backend())
                .set("turnout.upstream.idle", "2s")
                .set("turnout.health.interval", "50s"));
    }

    @BeforeEach
    void startWithoutKeptConnections() {
        blue.always(Effect.ok("other"));
        blue.closeConnections(SocketEnd.CLOSE);
        Await.until("no connections are left", () -> blue.openConnections() == 0);
        blue.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
    void an_answer_before_the_body_uses_up_the_connection(String expect) throws IOException {
        blue.next(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        List<RawClient> victims = connect();
        try (RawClient client = turnout.connect()) {
            client.send("POST /upload HTTP/1.1\r\nHost: a.example\r\n" + expect + "Content-Length: " + HIDDEN.length()
                    + "\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("well");
            send(client, HIDDEN);
            assertServed(victims);
        }
        assertThat(blue.arrivals()).noneMatch(arrival -> arrival.head().target().equals("/hidden"));
    }

    @Test
    void a_client_goes_on_with_its_connection_behind_the_rest_that_nobody_wants() throws IOException {
        blue.next(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        try (RawClient client = turnout.connect()) {
            client.send("POST /upload HTTP/1.1\r\nHost: a.example\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("well");
            assertThat(client.send(HIDDEN).get("/next").read().text()).isEqualTo("other");
        }
        assertThat(blue.arrivals().stream().map(arrival -> arrival.head().target()))
                .containsExactly("/upload", "/next");
    }

    @Test
    void a_client_that_was_not_told_to_go_on_gets_no_second_answer_over_its_connection() throws IOException {
        blue.next(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            Response response = client.read("POST");
            assertThat(response.announcesClose()).isTrue();
            send(client, HIDDEN);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "PROPFIND", "BREW"})
    void content_of_a_method_whose_content_is_not_read_uses_up_the_connection(String method) throws IOException {
        blue.next(new Effect.EarlyResponse(WELL.getBytes(), SocketEnd.STALL));
        List<RawClient> victims = connect();
        try (RawClient client = turnout.connect()) {
            client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
            assertThat(client.read(method).text()).isEqualTo("well");
            assertServed(victims);
        }
    }

    private static Stream<String> bodilessAnswersThatAnnounceABody() {
        return Stream.of("204 No Content", "304 Not Modified")
                .flatMap(status -> Stream.of("Content-Length: 4", "Transfer-Encoding: chunked")
                        .map(framing -> "HTTP/1.1 " + status + "\r\n" + framing + "\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("bodilessAnswersThatAnnounceABody")
    void an_answer_without_a_body_that_announces_one_uses_up_the_connection(String answer) throws IOException {
        blue.next(Effect.raw(answer));
        try (RawClient client = turnout.connect()) {
            client.get("/").read();
            Await.until("the target's connection is closed", () -> blue.openConnections() == 0);
            assertThat(client.get("/next").read().text()).isEqualTo("other");
        }
    }

    @Test
    void an_answer_to_head_that_announces_a_body_uses_up_the_connection() throws IOException {
        blue.next(Effect.raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"));
        try (RawClient client = turnout.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read("HEAD");
            Await.until("the target's connection is closed", () -> blue.openConnections() == 0);
        }
    }

    @Test
    void a_chunked_body_that_came_whole_goes_on_with_its_length() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("other");
        }
        Arrival arrival = blue.onlyArrival();
        assertThat(arrival.head().fields().only("Content-Length")).contains("5");
        assertThat(arrival.head().fields().only("Transfer-Encoding")).isEmpty();
        assertThat(arrival.body().orElseThrow().length()).isEqualTo(5);
    }

    @Test
    void a_chunked_body_with_a_trailer_keeps_both() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: v\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("other");
        }
        assertThat(blue.onlyArrival().head().fields().only("Transfer-Encoding")).contains("chunked");
    }

    @Test
    void a_chunked_body_in_pieces_uses_up_the_connection() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            Await.until("the head has come", () -> !blue.arrivals().isEmpty());
            client.send("3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.read("POST").text()).isEqualTo("other");
            Await.until("the target's connection is closed", () -> blue.openConnections() == 0);
        }
    }

    @Test
    void a_target_that_answers_content_twice_carries_nothing_behind_content() throws IOException {
        Backend twice = arena.backend();
        TurnoutProcess own = arena.start(twice, arena.backend());
        // The second answer comes behind the first, as from a server that takes the content for a request.
        twice.always(new Effect.First(
                List.of(),
                new Effect.Dribble((WELL + WELL).getBytes(), WELL.length(), Duration.ofMillis(20), SocketEnd.STALL)));
        try (RawClient client = own.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                assertThat(client.read("POST").text()).isEqualTo("well");
                Await.until("the connection is closed", () -> twice.openConnections() == 0);
            }
            twice.always(Effect.ok("once"));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.read("POST").text()).isEqualTo("once");
            Await.until("the connection is closed", () -> twice.openConnections() == 0);
        }
    }

    @Test
    void a_longer_chunked_body_is_not_sent_to_a_target_that_speaks_http_1_0() throws IOException {
        Backend old =
                arena.backend().always(Effect.raw("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold", SocketEnd.CLOSE));
        TurnoutProcess own = arena.start(old, arena.backend());
        try (RawClient client = own.connect()) {
            client.get("/").read();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.read("POST").text())
                    .as("a short one goes with its length")
                    .isEqualTo("old");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            Response refused = client.read("POST");
            assertThat(refused.status()).isEqualTo(411);
            assertThat(refused.fields().only("X-Turnout")).contains("length-required");
        }
        assertThat(old.requests()).isEqualTo(2);
        assertThat(own.admin().target("blue").getInteger("failures")).isZero();
    }

    @Test
    void no_post_meets_a_connection_that_its_target_closes_without_a_word() throws IOException {
        Backend closes = arena.backend().always(new Effect.Ended(Effect.ok("one"), SocketEnd.CLOSE));
        TurnoutProcess own = arena.start(closes, arena.backend());
        try (RawClient client = own.connect()) {
            for (int i = 0; i < 300; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                assertThat(client.read("POST").text()).as("answer " + i).isEqualTo("one");
            }
        }
    }

    @Test
    void without_an_idle_time_each_request_has_a_connection_of_its_own() throws IOException {
        Backend target = arena.application("app");
        TurnoutProcess own = arena.start(
                TurnoutProcess.with().blue(target).green(arena.backend()).set("turnout.upstream.idle", "0"));
        try (RawClient client = own.connect()) {
            client.get("/1").read();
            client.get("/2").read();
        }
        assertThat(target.arrivals()).extracting(Arrival::connection).doesNotHaveDuplicates();
        assertThat(target.arrivals().get(0).head().fields().only("Connection")).contains("close");
    }

    @Test
    void a_408_on_a_reused_connection_is_a_stale_connection() throws IOException {
        blue.next(
                Effect.ok("first"),
                Effect.raw(
                        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                        SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            Await.pause(Duration.ofMillis(70));
            assertThat(client.get("/2").read().text()).isEqualTo("other");
        }
    }

    @Test
    void a_408_to_a_post_is_passed_on() throws IOException {
        blue.next(
                Effect.ok("first"),
                Effect.raw(
                        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                        SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            Await.pause(Duration.ofMillis(70));
            client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.read("POST").status()).isEqualTo(408);
        }
        assertThat(blue.requests()).isEqualTo(2);
    }

    private List<RawClient> connect() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < VICTIMS; i++) {
            clients.add(turnout.connect());
        }
        return clients;
    }

    /** Turnout may have closed by now. */
    private static void send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            // Then nothing of it has gone anywhere.
        }
    }

    private static void assertServed(List<RawClient> victims) throws IOException {
        for (RawClient victim : victims) {
            assertThat(victim.get("/victim").read().text()).isEqualTo("other");
            victim.close();
        }
    }
}
