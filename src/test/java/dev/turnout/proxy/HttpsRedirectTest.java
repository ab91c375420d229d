package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Warning;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code turnout.tls.redirect}, over real sockets. */
final class HttpsRedirectTest {

    @TempDir
    private Path folder;

    private TlsPlane start(String... more) throws IOException {
        String[] settings = new String[more.length + 4];
        settings[0] = "turnout.tls.redirect";
        settings[1] = "true";
        settings[2] = "turnout.ready.path";
        settings[3] = "/ready";
        System.arraycopy(more, 0, settings, 4, more.length);
        TlsPlane plane = TlsPlane.start(folder, "auto", settings);
        plane.backend().always(new Effect.Application("blue"));
        return plane;
    }

    private static int port(TlsPlane plane) {
        return plane.plane().plainPort().orElseThrow();
    }

    private static Response send(TlsPlane plane, String request) throws IOException {
        try (RawClient client = RawClient.to(URI.create("http://127.0.0.1:" + port(plane)))) {
            return client.send(request).read(request.substring(0, request.indexOf(' ')));
        }
    }

    private static String location(Response response) {
        return response.fields().only("Location").orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, shop.example, /a?b=c, 301, https://shop.example/a?b=c",
        "HEAD, shop.example:80, /, 301, https://shop.example/",
        "POST, shop.example, /form, 308, https://shop.example/form",
        "GET, shop.example, //evil.example/x, 301, https://shop.example//evil.example/x",
        "GET, [2001:db8::1]:80, /, 301, https://[2001:db8::1]/",
        "GET, whatever.example, http://shop.example?q, 301, https://shop.example/?q",
        "OPTIONS, shop.example, *, 308, https://shop.example/"
    })
    void a_request_over_plain_http_is_redirected(String method, String host, String target, int status, String location)
            throws IOException {
        try (TlsPlane plane = start()) {
            Response response =
                    send(plane, method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");
            assertThat(response.status()).isEqualTo(status);
            assertThat(location(response)).isEqualTo(location);
            assertThat(plane.backend().arrivals()).isEmpty();
        }
    }

    @Test
    void a_client_that_names_the_port_is_sent_to_the_port_for_https() throws IOException {
        try (TlsPlane plane = start()) {
            Response response = send(plane, "GET / HTTP/1.1\r\nHost: shop.example:" + port(plane) + "\r\n\r\n");
            assertThat(location(response))
                    .isEqualTo("https://shop.example:" + plane.address().getPort() + "/");
        }
    }

    @Test
    void a_request_over_tls_is_served() throws IOException {
        try (TlsPlane plane = start();
                RawClient client = plane.connect("TLSv1.3")) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    @Guards("T8")
    void the_word_of_a_trusted_proxy_counts_and_that_of_others_is_told_as_a_loop() throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-Proto: https\r\n\r\n";
        try (TlsPlane plane = start("turnout.trusted-proxies", "127.0.0.1")) {
            assertThat(send(plane, request).status()).isEqualTo(200);
            Response plain = send(plane, request.replace("https", "http"));
            assertThat(plain.status()).isEqualTo(301);
            assertThat(plane.plane().counts().redirectLoops()).isZero();
        }
        try (TlsPlane plane = start()) {
            Response response = send(plane, request);
            assertThat(response.status()).isEqualTo(301);
            assertThat(response.fields().only("X-Turnout")).contains("https-redirect: untrusted-proxy");
            assertThat(plane.plane().counts().redirectLoops()).isEqualTo(1);
            assertThat(Warning.english(plane.plane().warnings("default")))
                    .singleElement()
                    .asString()
                    .startsWith("1 requests since the start were redirected to https")
                    .endsWith("is not in turnout.trusted-proxies.");
        }
    }

    @Test
    @Guards("T9")
    void a_service_for_devices_without_tls_stays_on_plain_http_beside_one_that_is_redirected() throws IOException {
        String devices = "turnout.services.\"devices\".";
        try (TlsPlane plane = start(
                "turnout.blue",
                "127.0.0.1:2",
                devices + "hosts",
                "devices.example",
                devices + "blue",
                "127.0.0.1:3",
                devices + "green",
                "127.0.0.1:4",
                devices + "tls.redirect",
                "false")) {
            String get = "GET / HTTP/1.1\r\nHost: ";
            assertThat(send(plane, get + "devices.example\r\n\r\n").status()).isEqualTo(200);
            assertThat(send(plane, get + "shop.example\r\n\r\n").status()).isEqualTo(301);
            try (RawClient client = plane.connect("TLSv1.3")) {
                assertThat(client.send(get + "devices.example\r\n\r\n").read().status())
                        .isEqualTo(200);
            }
            plane.change(devices + "tls.redirect", "true");
            assertThat(send(plane, get + "devices.example\r\n\r\n").status()).isEqualTo(301);
        }
    }

    @ParameterizedTest
    @CsvSource({"shop.example@evil.example", "evil.example/x", "a b"})
    void a_malformed_host_is_never_redirected_to(String host) throws IOException {
        try (TlsPlane plane = start()) {
            Response response = send(plane, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(response.status()).isEqualTo(400);
            assertThat(location(response)).isEmpty();
        }
    }

    @Test
    @Guards("T10")
    void challenges_and_the_ready_path_are_answered_over_plain_http() throws IOException {
        try (TlsPlane plane = start()) {
            plane.plane().httpChallenges().offer("token", "token.thumb");
            String host = " HTTP/1.1\r\nHost: shop.example\r\n\r\n";
            assertThat(send(plane, "GET /.well-known/acme-challenge/token" + host)
                            .text())
                    .isEqualTo("token.thumb");
            assertThat(send(plane, "GET /ready" + host).status()).isNotEqualTo(301);
        }
    }
}
