package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Ports;
import dev.turnout.support.ProxyHeaderTarget;
import dev.turnout.support.ProxyHeaderTarget.Program;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@DisplayName("A connection to a target begins with the header of the PROXY protocol that names the client")
final class SendProxyTest {

    private static final String NAME = "app.internal";
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    private static final int PATIENCE_MILLIS = 15_000;

    private final TestAuthority authority = TestAuthority.root("targets");

    @TempDir
    private Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() throws IOException {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private TurnoutConfig config(String... settings) {
        return TargetPlane.config(folder, Map.of(), settings);
    }

    private TargetPlane plane(int target, String... settings) {
        return new TargetPlane(vertx, config(settings), new Target("127.0.0.1", target));
    }

    private String[] settings(String version, boolean tls, String host) {
        return tls
                ? new String[] {
                    "turnout.listen.host", host,
                    "turnout.upstream.send-proxy", version,
                    "turnout.upstream.tls", "true",
                    "turnout.upstream.tls-ca", folder.resolve("ca.pem").toString(),
                    "turnout.upstream.tls-name", NAME
                }
                : new String[] {"turnout.listen.host", host, "turnout.upstream.send-proxy", version};
    }

    static Stream<Arguments> ways() {
        return Stream.of(Program.values()).flatMap(program -> Stream.of("v1", "v2")
                .flatMap(version -> Stream.of(false, true).flatMap(tls -> Stream.of("127.0.0.1", "::1")
                        .map(host -> Arguments.of(program, version, tls, host)))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    @DisplayName("in both versions, before TLS, over IPv4 and IPv6, as nginx and HAProxy read it")
    void each_client_is_named(Program program, String version, boolean tls, String host) throws IOException {
        try (ProxyHeaderTarget target = new ProxyHeaderTarget(program, folder, authority.issue(NAME));
                TargetPlane plane = plane(target.port(tls), settings(version, tls, host));
                RawClient first = plane.connect();
                RawClient second = plane.connect()) {
            for (int i = 0; i < 3; i++) {
                for (RawClient client : List.of(first, second)) {
                    assertThat(client.send(GET).read().text())
                            .isEqualTo(host + " " + client.localPort() + " " + host + " " + plane.port());
                }
            }
        }
    }

    /** Answers one request over the connection, and returns the line that the connection began with. */
    private static String answer(Socket target, boolean begins) throws IOException {
        String line = begins ? line(target) : "";
        while (!line(target).isEmpty()) {}
        target.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
        return line;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = socket.getInputStream().read();
        while (next != '\n') {
            assertThat(next).isNotNegative();
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString().stripTrailing();
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        return server;
    }

    private static Socket accept(ServerSocket server) throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    @Test
    @DisplayName("and serves all requests of this client, none of another, and ends with the client")
    void a_connection_is_one_client_s_own() throws IOException {
        try (ServerSocket server = listen();
                TargetPlane plane = plane(server.getLocalPort(), "turnout.upstream.send-proxy", "v1");
                RawClient second = plane.connect()) {
            RawClient first = plane.connect();
            first.send(GET);
            try (Socket ofFirst = accept(server)) {
                assertThat(answer(ofFirst, true))
                        .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 " + first.localPort() + " " + plane.port());
                first.read();
                first.send(GET);
                answer(ofFirst, false);
                first.read();

                second.send(GET);
                try (Socket ofSecond = accept(server)) {
                    assertThat(answer(ofSecond, true)).contains(" " + second.localPort() + " ");
                    second.read();
                    first.close();
                    assertThat(ofFirst.getInputStream().read()).isEqualTo(-1);
                    second.send(GET);
                    answer(ofSecond, false);
                    second.read();
                }
            }
        }
    }

    @Test
    @DisplayName("and serves the streams of one HTTP/2 connection, and ends with it")
    void a_client_of_http2_has_connections_of_its_own() throws IOException {
        try (ServerSocket server = listen();
                TargetPlane plane = plane(server.getLocalPort(), "turnout.upstream.send-proxy", "v1");
                RawClient other = plane.connect()) {
            Http2Client client = Http2Client.to(plane.port());
            client.get(1, "/");
            client.get(3, "/");
            try (Socket one = accept(server);
                    Socket two = accept(server)) {
                String named = answer(one, true);
                assertThat(named).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
                assertThat(answer(two, true)).isEqualTo(named);
                assertThat(client.answer(1).status()).isEqualTo(200);
                assertThat(client.answer(3).status()).isEqualTo(200);

                other.send(GET);
                try (Socket third = accept(server)) {
                    assertThat(answer(third, true)).contains(" " + other.localPort() + " ");
                    other.read();
                }
                client.close();
                assertThat(one.getInputStream().read()).isEqualTo(-1);
                assertThat(two.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 192.0.2.7 198.51.100.8 54321 443", "PROXY TCP6 2001:db8::7 2001:db8::8 54321 443"})
    @DisplayName("which is the client that a trusted proxy in front of Turnout names")
    void the_client_of_a_proxy_in_front_is_passed_on(String header) throws IOException {
        try (ServerSocket server = listen();
                TargetPlane plane = plane(
                        server.getLocalPort(),
                        "turnout.upstream.send-proxy",
                        "v1",
                        "turnout.proxy-protocol",
                        "require",
                        "turnout.trusted-proxies",
                        "127.0.0.0/8");
                RawClient client = plane.connect()) {
            client.send(header + "\r\n" + GET);
            try (Socket target = accept(server)) {
                assertThat(answer(target, true)).isEqualTo(header);
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("so none is opened ahead")
    void nothing_is_opened_ahead() throws Exception {
        try (ServerSocket server = listen();
                TargetPlane plane = plane(server.getLocalPort(), "turnout.upstream.send-proxy", "v2")) {
            int opened = plane.plane()
                    .connectAhead(Service.DEFAULT, List.of(new Target("127.0.0.1", server.getLocalPort())))
                    .toCompletableFuture()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(opened).isZero();
        }
    }

    @Test
    @DisplayName("once a reload says so: an older connection serves no more request")
    void a_reload_changes_the_next_connection() throws IOException {
        try (ServerSocket server = listen();
                TargetPlane plane = plane(server.getLocalPort());
                RawClient client = plane.connect()) {
            client.send(GET);
            try (Socket before = accept(server)) {
                answer(before, false);
                client.read();
                plane.ways()
                        .prepare(config("turnout.upstream.send-proxy", "v1"))
                        .apply();
                client.send(GET);
                try (Socket after = accept(server)) {
                    assertThat(answer(after, true)).startsWith("PROXY TCP4 127.0.0.1 ");
                    client.read();
                }
                assertThat(before.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    @DisplayName("also where the target is not there at first, and the client waits")
    void a_retry_names_the_client_too() throws IOException {
        int port = Ports.next();
        try (TargetPlane plane = plane(port, "turnout.upstream.send-proxy", "v1");
                RawClient client = plane.connect()) {
            assertThat(client.send(GET).read().status()).isGreaterThanOrEqualTo(500);
            try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                client.send(GET);
                try (Socket target = accept(server)) {
                    assertThat(answer(target, true)).contains(" " + client.localPort() + " ");
                    client.read();
                }
            }
        }
    }
}
