package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Limits: what is too much is refused at once, and everybody else is served")
@Tag("alone")
final class LimitsIT {

    private static final int CONNECTIONS = 12;
    private static final int REQUESTS = 4;
    private static final int HEAD = 1024;
    private static final int BODY = 50_000;

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    private static Backend blue;
    private static TurnoutProcess turnout;
    private static Footprint footprint;

    @BeforeAll
    static void start() {
        blue = ARENA.backend();
        turnout = ARENA.start(TurnoutProcess.with()
                .blue(blue)
                .green(ARENA.application("green"))
                .set("turnout.limits.connections", String.valueOf(CONNECTIONS))
                .set("turnout.limits.requests", String.valueOf(REQUESTS))
                .set("turnout.limits.head", String.valueOf(HEAD))
                .set("turnout.limits.body", String.valueOf(BODY)));
        footprint = Footprint.of(turnout);
    }

    @BeforeEach
    void awaitNobody() {
        Await.until(
                "the clients of the test before to be gone",
                () -> turnout.admin().metric("turnout_clients") == 0);
        blue.forget();
        blue.always(new Effect.Receive());
    }

    @AfterAll
    static void nothingIsLost() throws IOException {
        assertThat(blue.violations()).isEmpty();
        footprint.assertRegained();
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(Response response, int status, String cause) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.fields().only("X-Turnout")).contains(cause);
    }

    @Test
    void one_connection_too_many_is_refused_at_once_and_the_others_are_served() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(turnout.connect());
                assertThat(clients.get(i).get("/").read().status()).isEqualTo(200);
            }
            for (int i = 0; i < 50; i++) {
                long started = System.nanoTime();
                try (RawClient tooMany = turnout.connect()) {
                    Response response = tooMany.get("/").read();
                    assertRefused(response, 503, "too-many-connections");
                    assertThat(response.fields().has("Retry-After")).isTrue();
                    assertThat(response.announcesClose()).isTrue();
                    assertThat(tooMany.isClosedByPeer()).isTrue();
                }
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
            }
            for (RawClient client : clients) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
            }
            close(clients.remove(0));
            Await.until("room for another one", () -> {
                try (RawClient next = turnout.connect()) {
                    return next.get("/").read().status() == 200;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        } finally {
            clients.forEach(LimitsIT::close);
        }
    }

    @Test
    void one_request_too_many_is_refused_at_once_and_its_connection_lives_on() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, Effect.ok("at last")));
        List<RawClient> clients = new ArrayList<>();
        try (RawClient tooMany = turnout.connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(turnout.connect().get("/held"));
            }
            Await.until("the requests in flight", () -> blue.requests() == REQUESTS);
            for (int i = 0; i < 3; i++) {
                Response response = tooMany.get("/").read();
                assertRefused(response, 503, "too-many-requests");
                assertThat(response.fields().has("Retry-After")).isTrue();
                assertThat(response.announcesClose()).isFalse();
            }
            assertThat(blue.requests()).isEqualTo(REQUESTS);
            word.countDown();
            for (RawClient client : clients) {
                assertThat(client.read().text()).isEqualTo("at last");
            }
            assertThat(tooMany.get("/").read().text()).isEqualTo("at last");
        } finally {
            word.countDown();
            clients.forEach(LimitsIT::close);
        }
    }

    @Test
    void a_body_of_just_the_limit_passes_whatever_its_framing() throws IOException {
        String body = "b".repeat(BODY);
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY + "\r\n\r\n" + body);
            assertThat(client.read().text()).startsWith(BODY + " ");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(BODY));
            assertThat(client.read().text()).startsWith(BODY + " ");
        }
    }

    /** Chunks of at most 100 bytes: their framing is more than a third of what travels. */
    private static String chunks(int length) {
        StringBuilder chunks = new StringBuilder();
        for (int left = length; left > 0; left -= 100) {
            int size = Math.min(100, left);
            chunks.append(Integer.toHexString(size))
                    .append(";an=extension;of=no;meaning\r\n")
                    .append("c".repeat(size))
                    .append("\r\n");
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
    void a_length_over_the_limit_is_refused_before_the_target_sees_it(String line) throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + line + "Content-Length: " + (BODY + 1) + "\r\n\r\n");
            Response response = client.read();
            assertRefused(response, 413, "body-too-large");
            assertThat(response.announcesClose()).isTrue();
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    void a_client_that_goes_on_sending_gets_the_refusal_all_the_same() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
            client.send("b".repeat(2_000_000));
            assertRefused(client.read(), 413, "body-too-large");
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    void chunks_that_come_to_more_than_the_limit_are_refused_midway() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST /midway HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("9c40\r\n" + "b".repeat(40_000) + "\r\n");
            Await.until("the request at the target", () -> blue.requests() == 1);
            client.send("2710\r\n" + "b".repeat(10_000) + "\r\n1\r\nb\r\n");
            assertRefused(client.read(), 413, "body-too-large");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        Await.until("the target's connection ended", () -> blue.openConnections() <= 1);
        assertThat(blue.onlyArrival().body()).isEmpty();
    }

    @Test
    void chunks_that_come_with_the_head_and_are_too_many_never_reach_the_target() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(BODY + 1));
            assertRefused(client.read(), 413, "body-too-large");
        }
        assertThat(blue.arrivals()).allMatch(arrival -> arrival.body().isEmpty());
    }

    @Test
    void a_client_s_oversized_body_is_no_failure_of_the_target() throws IOException {
        long before = turnout.admin().target("blue").getLong("failures");
        chunks_that_come_to_more_than_the_limit_are_refused_midway();
        assertThat(turnout.admin().target("blue").getLong("failures")).isEqualTo(before);
    }

    @Test
    void a_head_of_just_the_limit_passes_and_one_byte_more_does_not() throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        String filler = "x".repeat(HEAD - request.length());
        try (RawClient client = turnout.connect()) {
            client.send(request.replace("X: ", "X: " + filler));
            assertThat(client.read().status()).isEqualTo(200);
            client.send(request.replace("X: ", "X: x" + filler));
            assertRefused(client.read(), 431, "head-too-large");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_head_without_an_end_is_refused_as_soon_as_it_is_too_long() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            for (int sent = 0; sent < HEAD; sent += 50) {
                client.send("X-Another: " + "y".repeat(37) + "\r\n");
            }
            assertThat(client.read().status()).isEqualTo(431);
        }
        try (RawClient client = turnout.connect()) {
            client.send("GET /" + "z".repeat(2 * HEAD));
            assertThat(client.read().status()).isEqualTo(414);
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    void a_head_of_a_response_has_the_same_limit() throws IOException {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n";
        String filler = "x".repeat(HEAD - response.length());
        try (RawClient client = turnout.connect()) {
            blue.next(
                    Effect.raw(response.replace("X: ", "X: " + filler)),
                    Effect.raw(response.replace("X: ", "X: x" + filler)));
            assertThat(client.get("/").read().status()).isEqualTo(200);
            Response refused = client.get("/").read();
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.fields().only("X-Turnout").orElseThrow()).startsWith("bad-response");
        }
    }
}
