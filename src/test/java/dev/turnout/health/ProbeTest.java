package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Payload;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProbeTest {

    private static final ProbePlan PLAN = new ProbePlan(
            "/health",
            Duration.ofMillis(10),
            Duration.ofSeconds(10),
            2,
            3,
            StatusRanges.parse("200-399"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            TargetProtocol.HTTP1,
            Optional.empty(),
            Optional.empty());

    private static final Duration SHORT = Duration.ofMillis(300);

    private Vertx vertx;
    private Backend backend;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        backend = Backend.start();
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private ProbeResult probe(ProbePlan plan) {
        return probe(Target.parse(backend.address()), plan);
    }

    private ProbeResult probe(Target target, ProbePlan plan) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        vertx.runOnContext(now -> Probe.send(vertx, target, plan).onSuccess(result::complete));
        return result.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private ProbeResult probe(Effect effect) {
        backend.always(effect);
        return probe(PLAN);
    }

    @Test
    void an_answer_with_a_good_status_is_good() {
        ProbeResult result = probe(Effect.status(200, "{\"status\":\"UP\"}"));

        assertThat(result.good()).isTrue();
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.cause()).isEqualTo("200");
        assertThat(result.body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(result.host()).isEqualTo(backend.address());
    }

    @Test
    void a_probe_asks_for_the_path_with_the_targets_own_host_and_wants_no_second_request() {
        probe(Effect.ok("up"));

        assertThat(head())
                .startsWith("get /health http/1.1\r\n")
                .contains("\r\nhost: " + backend.address() + "\r\n", "\r\nconnection: close\r\n");
    }

    @Test
    void a_configured_host_is_sent_instead() {
        backend.always(Effect.ok("up"));
        ProbeResult result = probe(withHost("shop.example"));

        assertThat(result.host()).isEqualTo("shop.example");
        assertThat(head()).contains("\r\nhost: shop.example\r\n");
    }

    private String head() {
        byte[] raw = backend.onlyArrival().head().raw();
        return new String(raw, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private static ProbePlan withHost(String host) {
        return new ProbePlan(
                PLAN.path(),
                PLAN.interval(),
                PLAN.timeout(),
                PLAN.rise(),
                PLAN.fall(),
                PLAN.status(),
                Optional.of(host),
                Optional.empty(),
                Optional.empty(),
                TargetProtocol.HTTP1,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_configured_port_is_asked_instead() {
        backend.always(Effect.ok("up"));
        ProbePlan plan = new ProbePlan(
                PLAN.path(),
                PLAN.interval(),
                PLAN.timeout(),
                PLAN.rise(),
                PLAN.fall(),
                PLAN.status(),
                Optional.empty(),
                Optional.of(backend.port()),
                Optional.empty(),
                TargetProtocol.HTTP1,
                Optional.empty(),
                Optional.empty());

        assertThat(probe(Target.parse("127.0.0.1:1"), plan).good()).isTrue();
    }

    @Test
    void status_500_is_bad_and_what_it_says_is_kept() {
        ProbeResult result = probe(Effect.status(500, "no database"));

        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("500");
        assertThat(result.body()).isEqualTo("no database");
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() {
        ProbeResult result = probe(Effect.raw(
                "HTTP/1.1 302 Found\r\nLocation: http://" + backend.address() + "/login\r\nContent-Length: 0\r\n\r\n"));

        assertThat(result.cause()).isEqualTo("302");
        assertThat(result.good()).isTrue();
        assertThat(backend.arrivals()).hasSize(1);
    }

    @Test
    void a_refused_connection_is_said_so() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        ProbeResult result = probe(new Target("127.0.0.1", free), PLAN);

        assertThat(result.good()).isFalse();
        assertThat(result.status()).isZero();
        assertThat(result.cause()).isEqualTo("refused");
    }

    @Test
    void a_target_that_listens_and_never_answers_is_a_timeout() {
        backend.always(new Effect.Deaf());

        ProbeResult result = probe(PLAN.withTimeout(SHORT));

        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("timeout");
        assertThat(result.latencyMillis()).isBetween(SHORT.toMillis() - 10, 5_000L);
    }

    @Test
    void a_target_that_never_ends_its_answer_is_a_timeout() {
        byte[] half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal".getBytes(StandardCharsets.ISO_8859_1);
        backend.always(new Effect.Dribble(half, half.length, Duration.ofMinutes(1), SocketEnd.STALL));

        ProbeResult result = probe(PLAN.withTimeout(SHORT));

        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("timeout");
        assertThat(result.body()).isEqualTo("hal");
    }

    @Test
    void a_reset_connection_is_said_so() {
        assertThat(probe(Effect.cutBeforeHead(SocketEnd.RESET)).cause()).isEqualTo("reset");
    }

    @Test
    void a_connection_that_is_closed_without_an_answer_is_said_so() {
        assertThat(probe(Effect.cutBeforeHead(SocketEnd.CLOSE)).cause()).isEqualTo("closed");
    }

    @Test
    void half_an_answer_is_none_whatever_its_status() {
        assertThat(probe(Effect.cutInHead(SocketEnd.CLOSE)).good()).isFalse();
        assertThat(probe(Effect.cutInBody(SocketEnd.CLOSE)).good()).isFalse();
        assertThat(probe(Effect.cutInBody(SocketEnd.RESET)).cause()).isEqualTo("reset");
    }

    @Test
    void an_answer_that_is_not_HTTP_is_garbage() {
        ProbeResult result = probe(Effect.raw("SSH-2.0-OpenSSH_9.6\r\n\r\n"));

        assertThat(result.good()).isFalse();
        assertThat(result.cause()).startsWith("garbage: ");
    }

    @Test
    void an_endless_body_ends_the_probe_and_only_its_start_is_kept() {
        backend.always(new Effect.Download(new Payload(1L << 40, 1)));

        ProbeResult result = probe(PLAN);

        assertThat(result.good()).isFalse();
        assertThat(result.cause()).isEqualTo("body over 1 MiB");
        assertThat(result.body()).hasSizeLessThanOrEqualTo(200);
        Await.until("the target has been hung up on", () -> backend.openConnections() == 0);
    }

    @Test
    void a_large_page_is_read_to_its_end() {
        assertThat(probe(Effect.ok("page ".repeat(100_000))).good()).isTrue();
    }

    @Test
    void the_body_is_cut_at_whole_characters() {
        assertThat(probe(Effect.ok("서".repeat(300))).body()).isEqualTo("서".repeat(200));
        assertThat(probe(Effect.ok("x" + "🚀".repeat(300))).body()).isEqualTo("x" + "🚀".repeat(99));
    }

    @Test
    void each_probe_comes_over_a_connection_of_its_own() {
        probe(Effect.ok("up"));
        probe(Effect.ok("up"));

        assertThat(backend.arrivals()).hasSize(2);
        Await.until("no connection is left open", () -> backend.openConnections() == 0);
    }
}
