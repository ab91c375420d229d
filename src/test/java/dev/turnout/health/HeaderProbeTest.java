package dev.turnout.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SendProxy;
import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.connection.TargetHeader;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.ProxyHeaderTarget;
import dev.turnout.support.ProxyHeaderTarget.Program;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.tls.TargetTls;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("A probe of a target that is sent a header of the PROXY protocol")
final class HeaderProbeTest {

    private static final String NAME = "app.internal";
    private static final Duration PATIENCE = Await.PATIENCE;

    private final TestAuthority authority = TestAuthority.root("targets");
    private final TargetWays ways = new TargetWays();
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        ways.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private ProbePlan plan(SendProxy version, boolean tls, Duration timeout) {
        return new ProbePlan(
                "/up",
                Duration.ofMillis(5),
                timeout,
                1,
                1,
                StatusRanges.parse("200-399"),
                Optional.empty(),
                Optional.empty(),
                tls ? Optional.of(tls()) : Optional.empty(),
                TargetProtocol.HTTP1,
                Optional.empty(),
                Optional.of(Buffer.buffer(TargetHeader.ofNobody(version))));
    }

    private ProbePlan plan(SendProxy version, boolean tls) {
        return plan(version, tls, PATIENCE);
    }

    private TargetTls tls() {
        try {
            Files.writeString(folder.resolve("ca.pem"), authority.pem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ways.prepare(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(
                                Map.of(
                                        "turnout.blue", "127.0.0.1:1",
                                        "turnout.green", "127.0.0.1:2",
                                        "turnout.upstream.tls", "true",
                                        "turnout.upstream.tls-ca",
                                                folder.resolve("ca.pem").toString(),
                                        "turnout.upstream.tls-name", NAME),
                                "test",
                                500))
                        .build()))
                .apply();
        return ways.of(Service.DEFAULT, new Target("127.0.0.1", 1)).tls();
    }

    private CompletableFuture<ProbeResult> send(int port, ProbePlan plan) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(now -> Probe.send(vertx, new Target("127.0.0.1", port), plan)
                .onSuccess(result::complete));
        return result.orTimeout(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static Stream<Arguments> ways() {
        return Stream.of(Program.values()).flatMap(program -> Stream.of(SendProxy.V1, SendProxy.V2)
                .flatMap(version -> Stream.of(false, true).map(tls -> Arguments.of(program, version, tls))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    @DisplayName("names nobody, before TLS, as nginx and HAProxy read it")
    void a_probe_names_nobody(Program program, SendProxy version, boolean tls) {
        try (ProxyHeaderTarget target = new ProxyHeaderTarget(program, folder, authority.issue(NAME))) {
            ProbeResult result = send(target.port(tls), plan(version, tls)).join();
            assertThat(result.cause()).isEqualTo("200");
            if (program == Program.NGINX) {
                assertThat(result.body()).isBlank();
            } else {
                assertThat(result.body()).matches("127.0.0.1 \\d+ 127.0.0.1 " + target.port(tls));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    @DisplayName("and the requests of a warm-up do the same")
    void a_warm_up_names_nobody(boolean tls) {
        try (ProxyHeaderTarget target = new ProxyHeaderTarget(Program.NGINX, folder, authority.issue(NAME))) {
            ProbePlan plan = plan(SendProxy.V2, tls);
            WarmUp warmUp = new WarmUp(
                    vertx,
                    service -> new WarmUpPlan(List.of("/"), 8, false, PATIENCE, false),
                    (service, probed) -> plan);
            WarmUpReport report = warmUp.run(
                            Service.DEFAULT,
                            List.of(new Target("127.0.0.1", target.port(tls))),
                            round -> {},
                            new CompletableFuture<Void>())
                    .toCompletableFuture()
                    .join();
            assertThat(report.complaints()).isEmpty();
            assertThat(report.requests()).isEqualTo(8);
        }
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout((int) PATIENCE.toMillis());
        return server;
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", 16) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    @DisplayName("is a whole request behind the bytes of section 2 of the specification")
    void the_bytes_are_those_of_the_specification() throws IOException {
        String local = new String(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"), ISO_8859_1);
        try (ServerSocket server = listen()) {
            for (SendProxy version : List.of(SendProxy.V1, SendProxy.V2)) {
                CompletableFuture<ProbeResult> result = send(server.getLocalPort(), plan(version, false));
                try (Socket target = server.accept()) {
                    assertThat(head(target))
                            .startsWith(
                                    (version == SendProxy.V1 ? "PROXY UNKNOWN\r\n" : local) + "GET /up HTTP/1.1\r\n")
                            .containsIgnoringCase("\r\nhost: 127.0.0.1:" + server.getLocalPort() + "\r\n")
                            .containsIgnoringCase("\r\nconnection: close\r\n");
                    OutputStream out = target.getOutputStream();
                    out.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n".getBytes(ISO_8859_1));
                    assertThat(result.join().cause()).isEqualTo("204");
                    assertThat(target.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', closed",
        "'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal', closed",
        "'HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno', 503",
        "'HTTP/1.1 200 OK\r\n\r\nuntil the end', 200",
        "'SSH-2.0-OpenSSH\r\n', garbage: .*"
    })
    @DisplayName("says why it is bad, as any probe does")
    void a_bad_answer_is_told(String answer, String cause) throws IOException {
        try (ServerSocket server = listen()) {
            CompletableFuture<ProbeResult> result = send(server.getLocalPort(), plan(SendProxy.V1, false));
            try (Socket target = server.accept()) {
                head(target);
                target.getOutputStream().write(answer.getBytes(ISO_8859_1));
                target.shutdownOutput();
                assertThat(result.join().cause()).matches(cause);
            }
        }
    }

    @Test
    @DisplayName("ends with its time, and keeps nothing of an endless answer")
    void an_endless_answer_is_ended() throws IOException {
        try (ServerSocket server = listen()) {
            CompletableFuture<ProbeResult> late =
                    send(server.getLocalPort(), plan(SendProxy.V2, false, Duration.ofMillis(300)));
            try (Socket target = server.accept()) {
                head(target);
                assertThat(late.join().cause()).isEqualTo(ProbeResult.TIMEOUT);
                assertThat(target.getInputStream().read()).isEqualTo(-1);
            }
            CompletableFuture<ProbeResult> large = send(server.getLocalPort(), plan(SendProxy.V2, false));
            try (Socket target = server.accept()) {
                head(target);
                OutputStream out = target.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                byte[] more = new byte[64 * 1024];
                try {
                    for (int i = 0; i < 1024; i++) {
                        out.write(more);
                    }
                } catch (IOException closed) {
                    assertThat(large.join().cause()).isEqualTo("body over 1 MiB");
                }
                assertThat(large.join().cause()).isEqualTo("body over 1 MiB");
            }
        }
    }

    @Test
    @DisplayName("says that the target does not speak TLS, or has another name")
    void a_bad_handshake_is_told() throws IOException {
        try (ServerSocket server = listen()) {
            CompletableFuture<ProbeResult> result = send(server.getLocalPort(), plan(SendProxy.V1, true));
            try (Socket target = server.accept()) {
                target.getInputStream().read(new byte[15]);
                target.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(result.join().cause()).isEqualTo("the target does not speak TLS");
            }
            result = send(server.getLocalPort(), plan(SendProxy.V1, true));
            try (Socket target = server.accept()) {
                target.getInputStream().read(new byte[15]);
                target.shutdownOutput();
                assertThat(result.join().good()).isFalse();
            }
        }
    }

    @Test
    @RequiresProgram(value = "haproxy", debianPackage = "haproxy")
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @DisplayName("is bad at a target that proves another name, and says so")
    void another_name_is_told() {
        try (ProxyHeaderTarget target =
                new ProxyHeaderTarget(Program.HAPROXY, folder, authority.issue("other.internal"))) {
            assertThat(send(target.port(true), plan(SendProxy.V2, true)).join().cause())
                    .startsWith("the target's certificate is for another name");
        }
    }
}
