package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code turnout.tls.hsts}, over real sockets. */
@DisplayName("Browsers are told to come by HTTPS only, and only over HTTPS")
final class StrictTransportTest {

    private static final String FIELD = "Strict-Transport-Security";
    private static final String KEY = "turnout.tls.hsts";

    @TempDir
    private Path folder;

    private TlsPlane start(String... settings) throws IOException {
        TlsPlane plane = TlsPlane.start(folder, "auto", settings);
        plane.backend().always(new Effect.Application("blue"));
        return plane;
    }

    private static RawClient plain(TlsPlane plane) throws IOException {
        return RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    private static String get(String... lines) {
        return "GET / HTTP/1.1\r\nHost: shop.example\r\n" + String.join("", lines) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"5m, max-age=300", "365d, max-age=31536000", "0, max-age=0"})
    void an_answer_over_https_has_the_line_once(String value, String line) throws IOException {
        try (TlsPlane plane = start(KEY, value);
                RawClient client = plane.connect("TLSv1.3")) {
            Response whole = client.send(get()).read();
            assertThat(whole.fields().all(FIELD)).containsExactly(line);
            assertThat(whole.text()).isEqualTo("blue");
            Response rewritten = client.send(get("Connection: close\r\n")).read();
            assertThat(rewritten.fields().all(FIELD)).containsExactly(line);
            assertThat(rewritten.text()).isEqualTo("blue");
        }
    }

    @Test
    void without_the_key_there_is_no_line() throws IOException {
        try (TlsPlane plane = start();
                RawClient client = plane.connect("TLSv1.3")) {
            assertThat(client.send(get()).read().fields().all(FIELD)).isEmpty();
        }
    }

    @Test
    @Guards("T10")
    void no_answer_over_plain_http_has_the_line() throws IOException {
        try (TlsPlane plane = start(KEY, "5m");
                RawClient client = plain(plane)) {
            assertThat(client.send(get()).read().fields().all(FIELD)).isEmpty();
            assertThat(client.send(get("X-Forwarded-Proto: https\r\n"))
                            .read()
                            .fields()
                            .all(FIELD))
                    .isEmpty();
            plane.change("turnout.tls.redirect", "true");
            Response redirect = client.send(get()).read();
            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.fields().all(FIELD)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void the_line_of_the_application_stays_and_is_the_only_one(String more) throws IOException {
        try (TlsPlane plane = start(KEY, "5m");
                RawClient client = plane.connect("TLSv1.3")) {
            List<String> own = List.of("strict-transport-security: max-age=9; includeSubDomains");
            plane.backend().always(new Effect.Respond(200, own, new byte[4]));
            assertThat(client.send(get(more)).read().fields().all(FIELD))
                    .containsExactly("max-age=9; includeSubDomains");
        }
    }

    @Test
    void an_answer_of_turnout_itself_has_the_line() throws IOException {
        try (TlsPlane plane = start(KEY, "5m", "turnout.limits.body", "1K");
                RawClient client = plane.connect("TLSv1.3")) {
            Response tooLarge = client.send(
                            "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000))
                    .read("POST");
            assertThat(tooLarge.status()).isEqualTo(413);
            assertThat(tooLarge.fields().all(FIELD)).containsExactly("max-age=300");
        }
    }

    @Test
    void an_answer_for_a_target_that_fails_has_the_line() throws IOException {
        try (TlsPlane plane = start(KEY, "5m");
                RawClient client = plane.connect("TLSv1.3")) {
            plane.backend().always(Effect.cutBeforeHead(SocketEnd.RESET));
            Response failed = client.send("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n")
                    .read("POST");
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.fields().all(FIELD)).containsExactly("max-age=300");
        }
    }

    @Test
    void an_interim_response_and_another_protocol_have_no_line() throws IOException {
        try (TlsPlane plane = start(KEY, "5m");
                RawClient client = plane.connect("TLSv1.3")) {
            plane.backend()
                    .always(Effect.raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                            + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            client.send(get());
            assertThat(client.read().fields().all(FIELD)).isEmpty();
            assertThat(client.read().fields().all(FIELD)).containsExactly("max-age=300");
            plane.backend()
                    .always(Effect.raw(
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"));
            Response switched = client.send(get("Connection: Upgrade\r\nUpgrade: other\r\n"))
                    .read();
            assertThat(switched.status()).isEqualTo(101);
            assertThat(switched.fields().all(FIELD)).isEmpty();
        }
    }

    @Test
    void the_word_of_a_trusted_proxy_counts() throws IOException {
        try (TlsPlane plane = start(KEY, "5m", "turnout.trusted-proxies", "127.0.0.1");
                RawClient client = plain(plane)) {
            assertThat(client.send(get("X-Forwarded-Proto: https\r\n"))
                            .read()
                            .fields()
                            .all(FIELD))
                    .containsExactly("max-age=300");
            assertThat(client.send(get("X-Forwarded-Proto: http\r\n"))
                            .read()
                            .fields()
                            .all(FIELD))
                    .isEmpty();
            assertThat(client.send(get()).read().fields().all(FIELD)).isEmpty();
        }
    }

    @Test
    void a_service_has_its_own_time() throws IOException {
        String other = "turnout.services.\"other\".";
        try (TlsPlane plane = start(
                        "turnout.blue",
                        "127.0.0.1:2",
                        other + "hosts",
                        "other.example",
                        other + "blue",
                        "127.0.0.1:3",
                        other + "green",
                        "127.0.0.1:4",
                        other + "tls.hsts",
                        "1h");
                RawClient client = plane.connect("TLSv1.3")) {
            Response own =
                    client.send("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n").read();
            assertThat(own.fields().all(FIELD)).containsExactly("max-age=3600");
            assertThat(client.send(get()).read().fields().all(FIELD)).isEmpty();
        }
    }

    @Test
    void a_change_of_the_key_holds_for_the_next_request_of_an_open_connection() throws IOException {
        try (TlsPlane plane = start();
                RawClient client = plane.connect("TLSv1.3")) {
            assertThat(client.send(get()).read().fields().all(FIELD)).isEmpty();
            plane.change(KEY, "5m");
            assertThat(client.send(get()).read().fields().all(FIELD)).containsExactly("max-age=300");
            plane.change(KEY, "0");
            assertThat(client.send(get()).read().fields().all(FIELD)).containsExactly("max-age=0");
        }
    }
}
