package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A probe of a target over TLS")
final class EncryptedProbeTest {

    private static final Duration PATIENCE = Await.PATIENCE;

    private final TestAuthority authority = TestAuthority.root("targets");
    private final TargetWays tls = new TargetWays();

    @TempDir
    private Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() throws IOException {
        vertx = Vertx.vertx();
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.issue("turnout").write(folder, "own");
    }

    @AfterEach
    void end() {
        tls.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Starts a target that takes only clients with a certificate of the authority. */
    private Target target(Issued issued) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(issued.chainPem()))
                                .addKeyValue(Buffer.buffer(issued.keyPem())))
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem())))
                        .setSni(true)
                        .setClientAuth(ClientAuth.REQUIRED))
                .requestHandler(request -> request.response()
                        .end(request.connection().indicatedServerName() + " " + request.authority() + " "
                                + request.version()))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new Target("127.0.0.1", server.actualPort());
    }

    private ProbePlan plan(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.blue", "127.0.0.1:1",
                "turnout.green", "127.0.0.1:2",
                "turnout.upstream.tls", "true",
                "turnout.upstream.tls-ca", folder.resolve("ca.pem").toString(),
                "turnout.upstream.tls-name", "app.internal",
                "turnout.upstream.tls-cert", folder.resolve("own.crt").toString(),
                "turnout.upstream.tls-key", folder.resolve("own.key").toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        tls.prepare(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(all, "test", 500))
                        .build()))
                .apply();
        return new ProbePlan(
                "/",
                Duration.ofMillis(5),
                PATIENCE,
                1,
                1,
                StatusRanges.parse("200-399"),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(
                        tls.of(Service.DEFAULT, new Target("127.0.0.1", 1)).tls()),
                TargetProtocol.valueOf(
                        all.getOrDefault("turnout.protocol", "http1").toUpperCase(Locale.ROOT)),
                Optional.empty(),
                Optional.empty());
    }

    private ProbeResult probe(Target target, ProbePlan plan) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(now -> Probe.send(vertx, target, plan).onSuccess(result::complete));
        return result.orTimeout(PATIENCE.toSeconds() * 2, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    @Test
    @DisplayName("asks for the configured name, and shows Turnout's own certificate")
    void a_target_that_proves_its_name_is_good() {
        Target target = target(authority.issue("app.internal"));
        ProbeResult result = probe(target, plan());
        assertThat(result.cause()).isEqualTo("200");
        assertThat(result.body()).isEqualTo("app.internal " + target + " HTTP_1_1");
    }

    @Test
    @DisplayName("speaks HTTP/2 where the service does, with the name that the target has to prove")
    void a_target_that_speaks_http2_is_good() {
        Target target = target(authority.issue("app.internal"));
        ProbeResult result = probe(target, plan("turnout.protocol", "h2"));
        assertThat(result.cause()).isEqualTo("200");
        assertThat(result.body())
                .isEqualTo("app.internal app.internal:" + target.tcp().port() + " HTTP_2");
    }

    @Test
    @DisplayName("says that a target has another name, an unknown authority, or speaks no TLS")
    void a_bad_probe_says_why() {
        assertThat(probe(target(authority.issue("other.internal")), plan()).cause())
                .startsWith("the target's certificate is for another name");
        assertThat(probe(target(TestAuthority.root("stranger").issue("app.internal")), plan())
                        .cause())
                .isEqualTo("the target's certificate is from an unknown authority");
        HttpServer plain = vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        assertThat(probe(new Target("127.0.0.1", plain.actualPort()), plan()).cause())
                .isEqualTo("the target does not speak TLS");
    }

    @Test
    @DisplayName("says that a target wants a certificate, or does not take Turnout's, by the name of the key")
    void a_refused_certificate_is_told() throws IOException {
        Target target = target(authority.issue("app.internal"));
        TestAuthority.root("stranger").issue("turnout").write(folder, "own");
        // Engines tell a target's refusal behind the handshake, and the connection may be gone before it is read.
        Await.until("a probe that says so", () -> probe(target, plan())
                .cause()
                .matches("the target (does not take the certificate of turnout.upstream.tls-cert"
                        + "|refused the TLS handshake).*"));
    }

    @Test
    @DisplayName("takes any certificate if turnout.upstream.tls-verify is false")
    void verification_can_be_switched_off() {
        Target target = target(TestAuthority.root("stranger").issue("other.internal"));
        assertThat(probe(target, plan("turnout.upstream.tls-verify", "false")).cause())
                .isEqualTo("200");
    }

    @Test
    @DisplayName("has the same connections as a warm-up")
    void a_warm_up_is_encrypted_too() {
        Target target = target(authority.issue("app.internal"));
        ProbePlan plan = plan();
        WarmUp warmUp = new WarmUp(
                vertx, service -> new WarmUpPlan(List.of("/"), 4, false, PATIENCE, false), (service, probed) -> plan);
        WarmUpReport report = warmUp.run(Service.DEFAULT, List.of(target), round -> {}, new CompletableFuture<Void>())
                .toCompletableFuture()
                .join();
        assertThat(report.complaints()).isEmpty();
        assertThat(report.requests()).isEqualTo(4);
    }
}
