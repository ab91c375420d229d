package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client over TLS is told by the end of a connection: that the response is whole, or that it is not. */
final class TlsEndsTest {

    @TempDir
    private Path folder;

    static Stream<Arguments> engines() {
        return Stream.of("boringssl", "jdk")
                .flatMap(engine -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(engine, version)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_last_response_ends_with_a_close_notify(String engine, String version) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
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
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_whole_body_that_ends_with_its_connection_ends_with_a_close_notify(String engine, String version)
            throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            plane.backend().always(raw("HTTP/1.1 200 OK\r\n\r\nall of it", SocketEnd.CLOSE));
            try (RawClient client = plane.connect(version)) {
                assertThat(text(client.get("/"))).endsWith("all of it");
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_body_that_was_cut_does_not_look_whole(String engine, String version) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            for (Effect cut : List.of(
                    raw("HTTP/1.1 200 OK\r\n\r\na part", SocketEnd.RESET),
                    raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", SocketEnd.CLOSE),
                    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", SocketEnd.CLOSE))) {
                plane.backend().always(cut);
                try (RawClient client = plane.connect(version)) {
                    client.get("/");
                    assertThatThrownBy(() -> client.in().readAllBytes())
                            .as("the end after " + cut)
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("engines")
    void a_connection_that_is_closed_while_idle_ends_with_a_close_notify(String engine, String version)
            throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine, "turnout.client.idle", "100ms")) {
            plane.backend().always(new Effect.Application("blue"));
            try (RawClient client = plane.connect(version)) {
                client.get("/").read();
                assertThat(client.in().readAllBytes()).isEmpty();
            }
            Await.until(
                    "no client",
                    () -> plane.plane().clients() == 0 && plane.plane().tlsClients() == 0);
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
