package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.proxyprotocol.Endpoint;
import dev.turnout.proxy.proxyprotocol.ProxyHeaderWriter;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of the PROXY protocol in front of a client's own bytes, over real sockets. */
final class ProxyProtocolTest {

    private static final String LOOPBACK = "127.0.0.0/8";
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.8 54321 443\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n"
            + "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Ssl: on\r\n\r\n";

    /** Twice the time that a connection without a request has in a stop. */
    private static final Duration TWO_GRACES = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private TlsPlane start(String mode, String trusted) throws IOException {
        TlsPlane plane =
                TlsPlane.start(folder, "auto", "turnout.proxy-protocol", mode, "turnout.trusted-proxies", trusted);
        plane.backend().always(new Effect.Application("blue"));
        return plane;
    }

    private static URI plain(TlsPlane plane) {
        return URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow());
    }

    private static String field(TlsPlane plane, String name) {
        int last = plane.backend().arrivals().size() - 1;
        return plane.backend().arrivals().get(last).head().fields().only(name).orElse("");
    }

    private static byte[] joined(byte[] header, String text) {
        byte[] bytes = new byte[header.length + text.length()];
        System.arraycopy(header, 0, bytes, 0, header.length);
        System.arraycopy(text.getBytes(US_ASCII), 0, bytes, header.length, text.length());
        return bytes;
    }

    static Stream<Arguments> headers() throws IOException {
        Endpoint source = new Endpoint(InetAddress.getByName("192.0.2.7"), 54321);
        Endpoint destination = new Endpoint(InetAddress.getByName("198.51.100.8"), 443);
        return Stream.of("accept", "require")
                .flatMap(mode -> Stream.of(
                        Arguments.of(mode, LINE.getBytes(US_ASCII)),
                        Arguments.of(mode, ProxyHeaderWriter.binary(source, destination))));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void the_client_that_a_trusted_proxy_names_is_the_client(String mode, byte[] header) throws IOException {
        try (TlsPlane plane = start(mode, LOOPBACK);
                RawClient client = RawClient.to(plain(plane))) {
            for (int i = 0; i < 2; i++) {
                byte[] bytes = i == 0 ? joined(header, GET) : GET.getBytes(US_ASCII);
                Response response = client.sendByteByByte(bytes).read();
                assertThat(response.status()).isEqualTo(200);
                assertThat(field(plane, "X-Forwarded-For")).isEqualTo("192.0.2.7");
                assertThat(field(plane, "Forwarded")).contains("for=192.0.2.7;proto=http");
                assertThat(field(plane, "X-Forwarded-Proto")).isEqualTo("http");
                assertThat(field(plane, "X-Forwarded-Ssl")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void http2_may_come_in_one_piece_with_the_header(String mode, byte[] header) throws IOException {
        assertThat(clientOverHttp2(mode, header)).isEqualTo("192.0.2.7");
    }

    @Test
    void http2_may_come_without_a_header_if_a_header_is_only_accepted() throws IOException {
        assertThat(clientOverHttp2("accept", new byte[0])).isEqualTo("127.0.0.1");
    }

    /** Sends a request over HTTP/2 behind a header. Returns the client that the target is told of. */
    private String clientOverHttp2(String mode, byte[] header) throws IOException {
        try (TlsPlane plane = start(mode, LOOPBACK);
                Http2Client client =
                        Http2Client.behind(header, plane.plane().plainPort().orElseThrow())) {
            client.get(1, "/");
            assertThat(client.answer(1).body()).isEqualTo("blue");
            return field(plane, "X-Forwarded-For");
        }
    }

    @Test
    void a_client_behind_the_header_that_is_a_trusted_proxy_itself_is_believed() throws IOException {
        try (TlsPlane plane = start("require", LOOPBACK + ",192.0.2.7");
                RawClient client = RawClient.to(plain(plane))) {
            assertThat(client.send(LINE + GET).read().status()).isEqualTo(200);
            assertThat(field(plane, "X-Forwarded-For")).isEqualTo("203.0.113.9, 192.0.2.7");
            assertThat(field(plane, "X-Forwarded-Proto")).isEqualTo("gopher");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "require"})
    void a_stop_waits_once_for_a_header_that_does_not_come(String mode) throws IOException {
        Duration shortest = Duration.ofDays(1);
        // A machine may be busy: the shortest of several stops tells.
        for (int round = 0; round < 3 && shortest.compareTo(TWO_GRACES) >= 0; round++) {
            try (TlsPlane plane = TlsPlane.start(
                            folder.resolve(mode + round),
                            "auto",
                            "turnout.proxy-protocol",
                            mode,
                            "turnout.trusted-proxies",
                            LOOPBACK);
                    RawClient client = RawClient.to(plain(plane))) {
                Await.until(
                        "the client is counted", () -> plane.plane().counts().clients() == 1);
                long begin = System.nanoTime();
                plane.plane().stop(Duration.ofSeconds(5)).toCompletableFuture().join();
                Duration stop = Duration.ofNanos(System.nanoTime() - begin);
                assertThat(client.isClosedByPeer()).isTrue();
                shortest = stop.compareTo(shortest) < 0 ? stop : shortest;
            }
        }
        assertThat(shortest).isLessThan(TWO_GRACES);
    }

    @Test
    void the_header_comes_before_tls() throws IOException {
        try (TlsPlane plane = start("require", LOOPBACK);
                HeaderAhead ahead = HeaderAhead.start(plane.address(), LINE);
                RawClient client = RawClient.secure(ahead.address(), TlsPlane.NAME)) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);
            assertThat(field(plane, "X-Forwarded-For")).isEqualTo("192.0.2.7");
            assertThat(field(plane, "X-Forwarded-Proto")).isEqualTo("https");
            assertThat(field(plane, "X-Forwarded-Port")).isEqualTo("443");
        }
    }

    @Test
    void a_proxy_that_ends_tls_tells_of_it() throws IOException {
        byte[] header = {
            0x0D,
            0x0A,
            0x0D,
            0x0A,
            0,
            0x0D,
            0x0A,
            0x51,
            0x55,
            0x49,
            0x54,
            0x0A,
            0x21,
            0x11,
            0,
            20,
            (byte) 192,
            0,
            2,
            7,
            (byte) 198,
            51,
            100,
            8,
            1,
            0,
            1,
            (byte) 187,
            0x20,
            0,
            5,
            1,
            0,
            0,
            0,
            0
        };
        try (TlsPlane plane = start("require", LOOPBACK);
                RawClient client = RawClient.to(plain(plane))) {
            assertThat(client.send(joined(header, GET)).read().status()).isEqualTo(200);
            assertThat(field(plane, "X-Forwarded-Proto")).isEqualTo("https");
            assertThat(field(plane, "X-Forwarded-Port")).isEqualTo("443");
            assertThat(field(plane, "Forwarded")).contains("proto=https");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "\r\n\r\n\u0000\r\nQUIT\n \u0000\u0000\u0000"})
    void a_header_without_addresses_leaves_the_peer_as_the_client(String header) throws IOException {
        try (TlsPlane plane = start("require", LOOPBACK);
                RawClient client = RawClient.to(plain(plane))) {
            assertThat(client.send(header + GET).read().status()).isEqualTo(200);
            assertThat(field(plane, "X-Forwarded-For")).isEqualTo("203.0.113.9, 127.0.0.1");
        }
    }

    @Test
    void a_connection_without_a_header_is_served_if_a_header_is_only_accepted() throws IOException {
        try (TlsPlane plane = start("accept", LOOPBACK)) {
            try (RawClient client = RawClient.to(plain(plane))) {
                assertThat(client.send(GET).read().status()).isEqualTo(200);
            }
            try (RawClient client = plane.connect("TLSv1.3")) {
                assertThat(client.send(GET).read().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "PROXY TCP4 nonsense\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 99999\r\n"})
    void what_is_no_header_is_closed_and_counted_if_a_header_is_required(String bytes) throws IOException {
        try (TlsPlane plane = start("require", LOOPBACK);
                RawClient client = RawClient.to(plain(plane))) {
            client.send(bytes);
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(plane.plane().counts().refusedHeaders()).isEqualTo(1);
            Await.until("no client", () -> plane.plane().counts().clients() == 0);
        }
    }

    @Test
    void a_header_of_a_peer_that_is_not_trusted_is_no_request() throws IOException {
        try (TlsPlane plane = start("accept", "192.0.2.0/24")) {
            try (RawClient client = RawClient.to(plain(plane))) {
                assertThat(client.send(LINE + GET).read().status()).isEqualTo(400);
            }
            assertThat(plane.backend().arrivals()).isEmpty();
        }
    }

    @Test
    void a_peer_that_is_not_trusted_is_closed_at_once_if_a_header_is_required() throws IOException {
        try (TlsPlane plane = start("require", "192.0.2.0/24")) {
            try (RawClient client = RawClient.to(plain(plane))) {
                assertThat(client.isClosedByPeer()).isTrue();
            }
            assertThat(plane.plane().counts().refusedHeaders()).isEqualTo(1);
        }
    }

    @Test
    void a_header_that_stops_in_the_middle_is_closed_after_three_seconds() throws IOException {
        try (TlsPlane plane = start("require", LOOPBACK);
                RawClient client = RawClient.to(plain(plane))) {
            long begin = System.nanoTime();
            client.send("PROXY TC");
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(2_500L, 12_000L);
            assertThat(plane.plane().counts().refusedHeaders()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    void haproxy_passes_tls_through_with_its_header(String option) throws IOException, InterruptedException {
        try (TlsPlane plane = start("require", LOOPBACK)) {
            int port = Ports.next();
            Path file = folder.resolve("haproxy.cfg");
            Files.writeString(file, """
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 10s
                      timeout server 10s
                    listen front
                      bind 127.0.0.1:%d
                      server turnout 127.0.0.1:%d %s
                    """.formatted(port, plane.address().getPort(), option));
            Process haproxy = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("haproxy.log").toFile())
                    .start();
            try {
                Await.until("HAProxy listens", () -> accepts(port));
                try (RawClient client = RawClient.secure(URI.create("https://127.0.0.1:" + port), TlsPlane.NAME)) {
                    assertThat(client.send(GET).read().status()).isEqualTo(200);
                    assertThat(field(plane, "X-Forwarded-For")).endsWith("127.0.0.1");
                }
            } finally {
                haproxy.destroy();
                haproxy.waitFor();
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
