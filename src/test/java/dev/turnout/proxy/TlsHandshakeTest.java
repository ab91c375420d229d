package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TrustAll;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What handshakes are answered with, and what is counted. */
final class TlsHandshakeTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_request_is_served_over_both_versions_and_counted(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            plane.backend().always(new Effect.Application("blue"));
            for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
                try (RawClient client = plane.connect(version)) {
                    assertThat(client.get("/").read().status()).isEqualTo(200);
                    assertThat(client.get("/").read().status()).isEqualTo(200);
                    assertThat(client.session().getProtocol()).isEqualTo(version);
                    assertThat(plane.plane().counts().tlsClients()).isEqualTo(1);
                }
                Await.until("no client", () -> plane.plane().counts().tlsClients() == 0);
            }
            assertThat(plane.backend().arrivals().get(0).head().fields().only("X-Forwarded-Proto"))
                    .contains("https");
            assertThat(plane.handshakes("full")).isEqualTo(2);
            assertThat(plane.plane().counts().handshakesDone()).isEqualTo(2);
            assertThat(plane.plane().counts().handshakeNanos()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_session_that_is_resumed_is_told_from_a_new_one(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            plane.backend().always(new Effect.Application("blue"));
            SSLContext context = TrustAll.context();
            for (int i = 0; i < 2; i++) {
                try (RawClient client = RawClient.secure(context, plane.address(), TlsPlane.NAME)) {
                    client.get("/").read();
                }
            }
            assertThat(plane.handshakes("full")).isEqualTo(1);
            assertThat(plane.handshakes("resumed")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void an_application_protocol_that_is_not_known_gets_http_1_1_without_one(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            plane.backend().always(new Effect.Application("blue"));
            for (String[] protocols : new String[][] {{"http/1.0"}, {"acme-tls/1"}, {"h1", "spdy/3"}}) {
                try (RawClient client = RawClient.secure(plane.address(), TlsPlane.NAME, "TLSv1.3", protocols)) {
                    assertThat(client.protocol()).isEmpty();
                    assertThat(client.get("/").read().status()).isEqualTo(200);
                }
            }
            try (RawClient client = RawClient.secure(plane.address(), TlsPlane.NAME, "TLSv1.3", "h2", "http/1.1")) {
                assertThat(client.protocol()).isEqualTo("h2");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void an_unknown_name_is_refused_by_an_alert_if_names_are_strict(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine, "turnout.tls.strict-sni", "true")) {
            assertThatThrownBy(() -> RawClient.secure(plane.address(), "other.example"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("unrecognized_name");
            assertThat(plane.handshakes("unknown-name")).isEqualTo(1);
            Await.until("no client", () -> plane.plane().counts().clients() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void plain_http_is_told_to_speak_https(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            try (RawClient client = RawClient.to(plain(plane))) {
                Response response = client.send(
                                "POST /form HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\n\r\nabc")
                        .read("POST");
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.text()).contains("https://");
                assertThat(client.isClosedByPeer()).isTrue();
            }
            assertThat(plane.handshakes("not-tls")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void what_is_no_client_hello_is_answered_by_an_alert(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine)) {
            try (RawClient client = RawClient.to(plain(plane))) {
                client.send(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0});
                assertThat(client.readUntilClosed()).containsExactly(21, 3, 3, 0, 2, 2, 50);
            }
            assertThat(plane.handshakes("broken")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_client_that_says_nothing_or_not_all_is_closed_when_its_time_is_over(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine, "turnout.client.handshake", "200ms")) {
            try (RawClient silent = RawClient.to(plain(plane));
                    RawClient slow = RawClient.to(plain(plane))) {
                slow.send(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, (byte) 200, 3, 3});
                assertThat(silent.readUntilClosed()).isEmpty();
                assertThat(slow.readUntilClosed()).isEmpty();
            }
            assertThat(plane.handshakes("timeout")).isEqualTo(2);
            // A client sees the end before the event loop has taken the connection off.
            Await.until("no connection is left", () -> plane.plane().counts().clients() == 0);
        }
    }

    /** One address may have 128 KiB of the smallest memory for heads, on each event loop. */
    @Test
    void all_bytes_of_unfinished_client_hellos_count_against_the_memory_for_heads() throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, "boringssl", "turnout.limits.heads", "512K")) {
            int loops = Runtime.getRuntime().availableProcessors();
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 20 * loops; i++) {
                    clients.add(RawClient.to(plain(plane)).send(new byte[] {22, 3, 1, 64, 0, 1, 0, (byte) 240, 0}));
                }
                Await.until("all are there", () -> plane.plane().counts().clients() == clients.size());
                for (RawClient client : clients) {
                    client.send(new byte[15_000]);
                    client.send(new byte[1_380]);
                }
                Await.until("some are closed", () -> plane.handshakes("turned-away") > 0);
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void connections_on_both_ports_count_against_one_limit(String engine) throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, engine, "turnout.limits.connections", "2")) {
            plane.backend().always(new Effect.Application("blue"));
            URI http =
                    URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow());
            try (RawClient first = RawClient.to(http);
                    RawClient second = plane.connect("TLSv1.3")) {
                assertThat(first.get("/").read().status()).isEqualTo(200);
                assertThat(second.get("/").read().status()).isEqualTo(200);
                try (RawClient third = RawClient.to(http)) {
                    assertThat(new String(third.readUntilClosed(), StandardCharsets.US_ASCII))
                            .contains("too-many-connections");
                }
                assertThatThrownBy(() -> plane.connect("TLSv1.3")).isInstanceOf(IOException.class);
                assertThat(plane.handshakes("turned-away")).isEqualTo(1);
            }
        }
    }

    /** Without TCP_NODELAY a client sends its request when the end of its handshake has been acknowledged. */
    @Test
    @Tag("timing")
    void the_end_of_a_handshake_is_acknowledged_at_once() throws IOException {
        try (TlsPlane plane = TlsPlane.start(folder, "boringssl")) {
            plane.backend().always(new Effect.Application("blue"));
            long[] millis = new long[40];
            for (int i = 0; i < millis.length; i++) {
                long started = System.nanoTime();
                try (RawClient client = RawClient.secureWithNagle(plane.address(), TlsPlane.NAME)) {
                    client.get("/").read();
                }
                millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            }
            Arrays.sort(millis);
            assertThat(millis[millis.length / 2]).as("median").isLessThan(35);
        }
    }

    private static URI plain(TlsPlane plane) {
        return URI.create("http://127.0.0.1:" + plane.plane().tlsPort().orElseThrow());
    }
}
