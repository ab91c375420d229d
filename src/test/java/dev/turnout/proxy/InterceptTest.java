package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code turnout.errors.intercept}, over real sockets. */
@DisplayName("A browser gets the operator's page in place of the application's own error")
final class InterceptTest {

    private static final String BROWSER = "Accept: text/html,*/*;q=0.8\r\n";
    private static final String PAGE = "<p>sorry: 500</p>";

    @TempDir
    private Path folder;

    private TlsPlane plane;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        Path page = Files.writeString(folder.resolve("5xx.html"), "<p>sorry: {{status}}</p>");
        plane = TlsPlane.start(
                folder, "jdk", "turnout.errors.5xx", page.toString(), "turnout.errors.intercept", "404,500,503");
        client = RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private Response ask(String method, String lines) throws IOException {
        return client.send(method + " / HTTP/1.1\r\nHost: shop.kr\r\n" + lines + "\r\n")
                .read(method);
    }

    @Test
    void for_a_listed_status_that_has_a_page_and_the_connections_go_on() throws IOException {
        plane.backend().always(Effect.status(500, "my own trace"));

        Response first = ask("GET", BROWSER);
        assertThat(first.status()).isEqualTo(500);
        assertThat(first.text()).isEqualTo(PAGE);
        assertThat(first.fields().only("X-Turnout")).contains("intercepted");
        assertThat(first.fields().only("Content-Type")).contains("text/html; charset=utf-8");
        Response head = ask("HEAD", BROWSER);
        assertThat(head.fields().only("Content-Length")).contains(String.valueOf(PAGE.length()));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        assertThat(plane.backend().openConnections()).isEqualTo(1);
        assertThat(plane.inFlight()).isZero();
    }

    @Test
    void not_for_programs_other_methods_other_statuses_and_statuses_without_a_page() throws IOException {
        plane.backend().always(Effect.status(500, "my own"));
        assertThat(ask("GET", "Accept: application/json\r\n").text()).isEqualTo("my own");
        assertThat(ask("GET", "").text()).isEqualTo("my own");
        assertThat(ask("POST", BROWSER + "Content-Length: 0\r\n").text()).isEqualTo("my own");
        assertThat(ask("DELETE", BROWSER).text()).isEqualTo("my own");
        plane.backend().always(Effect.status(502, "my 502"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo("my 502");
        plane.backend().always(Effect.status(404, "my 404"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo("my 404");
        plane.backend().always(Effect.ok("fine"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/grpc", "application/x-ndjson"})
    void not_for_streams(String type) throws IOException {
        plane.backend()
                .always(Effect.raw("HTTP/1.1 500 X\r\nContent-Type: " + type
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nown\r\n0\r\n\r\n"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo("own");
    }

    @Test
    void not_for_a_refused_websocket() throws IOException {
        plane.backend().always(Effect.status(500, "my own"));
        assertThat(ask("GET", BROWSER + "Connection: Upgrade\r\nUpgrade: websocket\r\n")
                        .text())
                .isEqualTo("my own");
    }

    @Test
    void keeps_what_a_client_needs_to_go_on() throws IOException {
        plane.backend()
                .always(Effect.raw("HTTP/1.1 503 X\r\nRetry-After: 70\r\nWWW-Authenticate: Basic realm=\"a\"\r\n"
                        + "www-authenticate: Bearer\r\nSet-Cookie: a=b\r\nContent-Length: 3\r\n\r\nown"));
        Response answer = ask("GET", BROWSER);
        assertThat(answer.text()).isEqualTo("<p>sorry: 503</p>");
        assertThat(answer.fields().only("Retry-After")).contains("70");
        assertThat(answer.fields().all("WWW-Authenticate")).containsExactly("Basic realm=\"a\"", "Bearer");
        assertThat(answer.fields().all("Set-Cookie")).isEmpty();
    }

    @Test
    void without_waiting_for_a_body_that_comes_late_never_or_without_an_end() throws IOException {
        String head = "HTTP/1.1 500 X\r\nContent-Length: ";
        plane.backend().next(Effect.raw(head + "1000000\r\n\r\nabc"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        plane.backend().next(Effect.raw(head + "200000\r\n\r\n" + "x".repeat(200_000)));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        plane.backend().next(Effect.raw("HTTP/1.1 500 X\r\n\r\nabc"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        plane.backend().next(Effect.raw(head + "5\r\n\r\nab", SocketEnd.RESET));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        plane.backend().next(Effect.raw("HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo(PAGE);
        plane.backend().next(Effect.ok("fine"));
        assertThat(ask("GET", BROWSER).text()).isEqualTo("fine");
        Await.until("the target is left", () -> plane.backend().openConnections() <= 1);
    }

    @Test
    void over_http2_too_and_a_reload_ends_it() throws IOException {
        plane.backend().always(Effect.status(500, "my own"));
        try (Http2Client http2 = Http2Client.to(plane.plane().plainPort().orElseThrow())) {
            http2.get(1, "/", "accept=text/html");
            assertThat(http2.answer(1).body()).isEqualTo(PAGE);
        }
        plane.change("turnout.errors.intercept", "404");
        assertThat(ask("GET", BROWSER).text()).isEqualTo("my own");
    }
}
