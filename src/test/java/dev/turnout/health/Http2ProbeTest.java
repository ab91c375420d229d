package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A probe of a target that speaks HTTP/2")
@Timeout(30)
final class Http2ProbeTest {

    private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};
    private static final byte[] NOT_SERVING = {0, 0, 0, 0, 2, 8, 2};

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    /** A request as the target has got it. */
    private record Asked(HttpVersion version, String method, String path, String authority, String te, Buffer body) {}

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static ProbePlan plan(TargetProtocol protocol, Optional<String> grpcService) {
        return new ProbePlan(
                grpcService.isPresent() ? GrpcHealth.PATH : "/health",
                Duration.ofMillis(10),
                Duration.ofSeconds(10),
                2,
                3,
                StatusRanges.parse("200-399"),
                Optional.of("app.example"),
                Optional.empty(),
                Optional.empty(),
                protocol,
                grpcService,
                Optional.empty());
    }

    private ProbeResult probe(int port, ProbePlan plan) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(now -> Probe.send(vertx, new Target("127.0.0.1", port), plan)
                .onSuccess(result::complete));
        return result.join();
    }

    private interface Answering {
        void answer(HttpServerRequest request);
    }

    private int serve(Answering answering) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    asked.add(new Asked(
                            request.version(),
                            request.method().name(),
                            request.path(),
                            String.valueOf(request.authority()),
                            String.valueOf(request.getHeader("te")),
                            body));
                    answering.answer(request);
                }));
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @Test
    void speaks_it_from_the_first_byte_on() throws InterruptedException {
        int port = serve(request -> request.response().end("fine"));
        ProbeResult result = probe(port, plan(TargetProtocol.H2C, Optional.empty()));

        assertThat(result.good()).isTrue();
        assertThat(result.body()).isEqualTo("fine");
        Asked request = asked.take();
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.authority()).isEqualTo("app.example");
    }

    @Test
    @RequiresProgram(value = "nghttpd", debianPackage = "nghttp2-server")
    void is_good_at_a_server_that_speaks_nothing_else(@TempDir Path folder) throws Exception {
        int port = Ports.next();
        Process server = new ProcessBuilder(List.of(
                        "nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", folder.toString(), Integer.toString(port)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Await.until("nghttpd listens", () -> listens(port));
            ProbeResult result = probe(port, plan(TargetProtocol.H2C, Optional.empty()));
            assertThat(result.status()).as(result.cause()).isEqualTo(404);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"H2C", "HTTP1"})
    void may_ask_the_health_service_of_grpc_whatever_requests_speak(TargetProtocol protocol) throws Exception {
        int port = serve(request -> grpc(request, "0", SERVING));
        ProbeResult result = probe(port, plan(protocol, Optional.of("shop.Orders")));

        assertThat(result.good()).as(result.cause()).isTrue();
        assertThat(result.cause()).isEqualTo("SERVING");
        Asked request = asked.take();
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/grpc.health.v1.Health/Check");
        assertThat(request.te()).isEqualTo("trailers");
        assertThat(request.body().getBytes())
                .isEqualTo(Buffer.buffer(new byte[] {0, 0, 0, 0, 13, 0x0a, 11})
                        .appendString("shop.Orders")
                        .getBytes());
    }

    @Test
    void asks_for_the_whole_server_where_no_service_is_named() throws InterruptedException {
        int port = serve(request -> grpc(request, "0", SERVING));
        assertThat(probe(port, plan(TargetProtocol.H2C, Optional.of(""))).good())
                .isTrue();
        assertThat(asked.take().body().getBytes()).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void is_bad_where_a_service_does_not_serve() {
        int port = serve(request -> grpc(request, "0", NOT_SERVING));
        ProbeResult result = probe(port, plan(TargetProtocol.H2C, Optional.of("")));
        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("NOT_SERVING");
    }

    @Test
    void says_what_grpc_says_of_a_service_that_is_unknown() {
        int port = serve(request -> request.response()
                .putHeader("grpc-status", "5")
                .putHeader("grpc-message", "unknown service")
                .end());
        ProbeResult result = probe(port, plan(TargetProtocol.H2C, Optional.of("nobody")));
        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("grpc-status 5: unknown service");
    }

    @ParameterizedTest
    @CsvSource({
        "404, , no body, HTTP status 404",
        "200, , no body, no grpc-status: the target speaks no gRPC",
        "200, 0, no message, a broken message"
    })
    void is_bad_where_no_grpc_is_spoken(int status, String grpcStatus, String body, String cause) {
        GrpcHealth.Answer answer = GrpcHealth.answer(status, grpcStatus, null, Buffer.buffer(body));
        assertThat(answer.isServing()).isFalse();
        assertThat(answer.cause()).isEqualTo(cause);
    }

    private static void grpc(HttpServerRequest request, String status, byte[] message) {
        request.response().putHeader("content-type", "application/grpc").putTrailer("grpc-status", status);
        request.response().end(Buffer.buffer(message));
    }
}
