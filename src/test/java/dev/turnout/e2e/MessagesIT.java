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
import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Messages that are odd but right get through: pipelined, split anywhere, expecting 100, with trailers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MessagesIT {

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(blue, arena.backend());
    }

    @BeforeEach
    void forget() {
        blue.forget();
        blue.always(Effect.ok("ok"));
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        blue.next(new Effect.Slow(Duration.ofMillis(200), Effect.ok("slow")), Effect.ok("second"), Effect.ok("third"));
        try (RawClient client = turnout.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("slow");
            assertThat(client.read().text()).isEqualTo("second");
            assertThat(client.read().text()).isEqualTo("third");
        }
        assertThat(blue.arrivals()).extracting(each -> each.head().target()).containsExactly("/1", "/2", "/3");
    }

    @Test
    void a_hundred_pipelined_requests_in_one_segment_are_answered() throws IOException {
        blue.always(new Effect.Application("app"));
        try (RawClient client = turnout.connect()) {
            client.send(IntStream.range(0, 100)
                    .mapToObj(i -> "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .reduce("", String::concat));
            for (int i = 0; i < 100; i++) {
                assertThat(client.read().text()).isEqualTo("app");
            }
        }
        assertThat(blue.arrivals())
                .extracting(each -> each.head().target())
                .containsExactly(IntStream.range(0, 100).mapToObj(i -> "/" + i).toArray(String[]::new));
    }

    @Test
    void two_requests_split_at_any_byte_arrive_as_two() throws IOException {
        blue.always(new Effect.Receive());
        byte[] bytes =
                ("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n"
                                + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                        .getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = turnout.connect()) {
            for (int split = 1; split < bytes.length; split++) {
                blue.forget();
                client.send(Arrays.copyOf(bytes, split));
                Thread.yield();
                client.send(Arrays.copyOfRange(bytes, split, bytes.length));
                assertThat(client.read("POST").text()).as("split at " + split).startsWith("5 ");
                assertThat(client.read("POST").text()).as("split at " + split).startsWith("3 ");
                assertThat(blue.arrivals())
                        .extracting(each -> each.head().target())
                        .containsExactly("/1", "/2");
            }
        }
        assertThat(blue.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a?b=c",
                "/?",
                "//",
                "/%00",
                "/a;b=c",
                "/~a!$&'()*+,;=:@",
                "/..//./x",
                "/?q=http://x/y",
                "*"
            })
    void a_request_target_passes_as_it_is(String target) throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read("OPTIONS").status()).isEqualTo(200);
        }
        assertThat(blue.onlyArrival().head().target()).isEqualTo(target);
    }

    @Test
    void an_absolute_target_and_the_host_that_arrives_agree() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("GET http://one.example/a?b HTTP/1.1\r\nHost: two.example\r\n\r\n");
            Response response = client.read();
            if (response.status() == 400) {
                assertThat(blue.arrivals()).isEmpty();
            } else {
                assertThat(blue.onlyArrival().head().target()).isIn("/a?b", "http://one.example/a?b");
                assertThat(blue.onlyArrival().head().fields().only("Host")).contains("one.example");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "M-SEARCH", "get"})
    void any_method_passes(String method) throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.read(method).status()).isEqualTo(200);
        }
        assertThat(blue.onlyArrival().head().method()).isEqualTo(method);
        assertThat(blue.onlyArrival().body().orElseThrow().content()).asString().isEqualTo("hi");
    }

    @Test
    void a_head_just_under_the_limit_passes() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-A: " + "a".repeat(15_000) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void the_coding_may_stand_in_any_letters() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\ntransfer-ENCODING: \t cHuNkEd \r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.read("POST").status()).isEqualTo(200);
        }
        assertThat(blue.onlyArrival().body().orElseThrow().content()).asString().isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE"})
    void a_target_that_a_body_may_be_unknown_to_gets_no_other_request_behind_it(String method) throws IOException {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        try (RawClient client = turnout.connect()) {
            client.send(
                    method + " /1 HTTP/1.1\r\nHost: a\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled);
            client.read(method);
            client.get("/2").read();
            client.get("/3").read();
        }
        List<Arrival> arrivals = blue.arrivals();
        assertThat(arrivals).hasSize(3);
        assertThat(arrivals.get(1).connection()).isNotEqualTo(arrivals.get(0).connection());
        assertThat(arrivals.get(2).connection()).isEqualTo(arrivals.get(1).connection());
    }

    @Test
    void trailers_arrive_at_the_target() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTrailer: Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n0\r\nSum: 42\r\n\r\n");
            assertThat(client.read("POST").status()).isEqualTo(200);
        }
        Body body = blue.onlyArrival().body().orElseThrow();
        assertThat(body.trailers().only("Sum")).contains("42");
    }

    @Test
    void trailers_arrive_at_the_client() throws IOException {
        blue.next(Effect.raw("HTTP/1.1 200 OK\r\nTrailer: Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\nSum: 42\r\n\r\n"));
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().body().trailers().only("Sum")).contains("42");
        }
    }

    @Test
    void an_interim_response_arrives_before_the_final_one_is_there() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        blue.next(new Effect.First(
                List.of("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"),
                Effect.heldUntil(word, Effect.ok("then"))));
        try (RawClient client = turnout.connect()) {
            Response hints = client.get("/").read();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.fields().only("Link")).contains("</a.css>");
            word.countDown();
            assertThat(client.read().text()).isEqualTo("then");
        }
    }

    @Test
    void a_client_that_expects_100_hears_the_target_say_it() throws IOException {
        blue.next(new Effect.First(List.of("HTTP/1.1 100 Continue\r\n\r\n"), new Effect.Receive()));
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.read("POST").status()).isEqualTo(100);
            assertThat(client.send("hello").read("POST").text()).startsWith("5 ");
            assertThat(client.get("/next").read().status()).isEqualTo(200);
        }
        assertThat(blue.arrivals().get(0).head().fields().only("Expect")).contains("100-continue");
    }

    @Test
    void a_client_that_expects_100_may_be_refused_by_the_target() throws IOException {
        blue.next(new Effect.EarlyResponse(
                "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            Response response = client.read("POST");
            assertThat(response.status()).isEqualTo(417);
            assertThat(response.fields().has("X-Turnout")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STALL", "CLOSE", "HALF_CLOSE"})
    void an_answer_to_an_unfinished_upload_reaches_the_client(SocketEnd ending) throws IOException {
        blue.next(new Effect.EarlyResponse(
                "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig".getBytes(StandardCharsets.US_ASCII),
                ending));
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nonly the beginning");
            Response response = client.read("POST");
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("big");
        }
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/next").read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_leaves_in_its_upload_leaves_no_whole_request_behind() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST /left HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            Await.until("the head at the target", () -> blue.requests() == 1);
        }
        Await.until("the target's connection closed", () -> blue.openConnections() == 0);
        assertThat(blue.onlyArrival().body()).isEmpty();
    }
}
