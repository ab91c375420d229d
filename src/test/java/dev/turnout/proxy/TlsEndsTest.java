package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client over TLS is told by the end of a connection: that the response is whole, or that it is not. */
final class TlsEndsTest {

    @TempDir
    private static Path folder;

    private static final Map<String, TlsPlane> planes = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        for (String engine : List.of("boringssl", "jdk")) {
            planes.put(engine, TlsPlane.start(folder.resolve(engine), engine, "turnout.client.idle", "1s"));
        }
    }

    @BeforeEach
    void forget() {
        planes.values().forEach(plane -> plane.backend().forget());
    }

    @AfterAll
    static void stop() {
        planes.values().forEach(TlsPlane::close);
    }

    static Stream<Arguments> engines() {
        return Stream.of("boringssl", "jdk")
                .flatMap(engine -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(engine, version)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_last_response_ends_with_a_close_notify(String engine, String version) throws IOException {
        TlsPlane plane = planes.get(engine);
        plane.backend().always(new Effect.Application("blue"));
        try (RawClient client = plane.connect(version)) {
            client.send("GET /1000 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
            assertThat(text(client)).startsWith("HTTP/1.1 200");
        }
        try (RawClient client = plane.connect(version)) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(text(client)).startsWith("HTTP/1.1 200");
        }
        try (RawClient client = plane.connect(version)) {
            client.send("nonsense\r\n\r\n");
            assertThat(text(client)).startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_whole_body_that_ends_with_its_connection_ends_with_a_close_notify(String engine, String version)
            throws IOException {
        TlsPlane plane = planes.get(engine);
        plane.backend().always(raw("HTTP/1.1 200 OK\r\n\r\nall of it", SocketEnd.CLOSE));
        try (RawClient client = plane.connect(version)) {
            assertThat(text(client.get("/"))).endsWith("all of it");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_body_that_was_cut_does_not_look_whole(String engine, String version) throws IOException {
        TlsPlane plane = planes.get(engine);
        for (Effect cut : List.of(
                raw("HTTP/1.1 200 OK\r\n\r\na part", SocketEnd.RESET),
                raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", SocketEnd.CLOSE),
                raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", SocketEnd.CLOSE))) {
            plane.backend().always(cut);
            try (RawClient client = plane.connect(version)) {
                client.get("/");
                assertThatThrownBy(() -> client.in().readAllBytes())
                        .as("the end after " + cut)
                        .isInstanceOfAny(SSLException.class, SocketException.class);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_connection_that_is_closed_while_idle_ends_with_a_close_notify(String engine, String version)
            throws IOException {
        TlsPlane plane = planes.get(engine);
        plane.backend().always(new Effect.Application("blue"));
        try (RawClient client = plane.connect(version)) {
            client.get("/").read();
            assertThat(client.in().readAllBytes()).isEmpty();
        }
        Await.until(
                "no client",
                () -> plane.plane().counts().clients() == 0
                        && plane.plane().counts().tlsClients() == 0);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_close_notify_between_requests_is_answered_by_one(String engine, String version) throws IOException {
        TlsPlane plane = planes.get(engine);
        plane.backend().always(new Effect.Application("blue"));
        try (RawClient client = plane.connect(version)) {
            client.get("/").read();
            client.end(SocketEnd.HALF_CLOSE);
            Await.until("no client", () -> plane.plane().counts().clients() == 0);
        }
    }

    /** TLS 1.2 knows no half-closed connections, and BoringSSL's engine closes both sides in TLS 1.3 too. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_close_notify_behind_a_request_ends_the_input_or_is_a_client_that_has_gone(String engine, String version)
            throws IOException {
        TlsPlane plane = planes.get(engine);
        CountDownLatch word = new CountDownLatch(1);
        plane.backend().always(new Effect.Held(word, new Effect.Application("blue")));
        try (RawClient client = plane.connect(version)) {
            client.get("/1000");
            Await.until("the request", () -> plane.backend().requests() == 1);
            client.end(SocketEnd.HALF_CLOSE);
            if (engine.equals("jdk") && version.equals("TLSv1.3")) {
                word.countDown();
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(client.in().readAllBytes()).isEmpty();
            } else {
                Await.until("no client", () -> plane.plane().counts().clients() == 0);
                Await.until("no request in flight", () -> plane.inFlight() == 0);
                word.countDown();
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_bare_end_behind_a_request_leaves_the_client_its_response(String engine, String version) throws IOException {
        TlsPlane plane = planes.get(engine);
        CountDownLatch word = new CountDownLatch(1);
        plane.backend().always(new Effect.Held(word, new Effect.Application("blue")));
        try (RawClient client = plane.connect(version)) {
            client.get("/1000");
            Await.until("the request", () -> plane.backend().requests() == 1);
            client.endBelow(SocketEnd.HALF_CLOSE);
            word.countDown();
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.in().readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void an_end_in_the_middle_of_a_request_cuts_the_request(String engine, String version) throws IOException {
        TlsPlane plane = planes.get(engine);
        plane.backend().always(new Effect.Receive());
        for (boolean isSaid : new boolean[] {true, false}) {
            try (RawClient client = plane.connect(version)) {
                client.send("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100\r\n\r\na part");
                Await.until("the request", () -> plane.inFlight() == 1);
                if (isSaid) {
                    client.end(SocketEnd.HALF_CLOSE);
                } else {
                    client.endBelow(SocketEnd.HALF_CLOSE);
                }
                Await.until("no client", () -> plane.plane().counts().clients() == 0);
                Await.until("no request in flight", () -> plane.inFlight() == 0);
            }
        }
    }

    private static Effect raw(String text, SocketEnd ending) {
        return new Effect.Raw(text.getBytes(StandardCharsets.ISO_8859_1), ending);
    }

    /** Everything up to the close_notify; its absence is an {@link SSLException}. */
    private static String text(RawClient client) throws IOException {
        return new String(client.in().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
