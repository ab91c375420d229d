package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Target;
import dev.turnout.support.ProxyHeaderTarget;
import dev.turnout.support.ProxyHeaderTarget.Program;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("doctor looks at targets over TLS")
final class EncryptedTargetsCheckTest {

    private final TestAuthority authority = TestAuthority.root("targets");

    @TempDir
    private Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() throws IOException {
        vertx = Vertx.vertx();
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private int serve(UnaryOperator<HttpServerOptions> options) {
        return vertx.createHttpServer(options.apply(new HttpServerOptions()))
                .requestHandler(request -> request.response().end("ok"))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private int serve(Issued issued, UnaryOperator<HttpServerOptions> more) {
        return serve(options -> more.apply(options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(issued.chainPem()))
                        .addKeyValue(Buffer.buffer(issued.keyPem())))));
    }

    private Finding look(int port, Severity severity, String... settings) {
        return Findings.only(
                new EncryptedTargetsCheck(asked(port, settings), Duration.ofSeconds(30), Clock.systemUTC()).look(),
                severity);
    }

    private List<AskedTarget> asked(int port, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.blue",
                "127.0.0.1:" + port,
                "turnout.green",
                "http://127.0.0.1:1",
                "turnout.upstream.tls",
                "true",
                "turnout.upstream.tls-name",
                "app.internal",
                "turnout.upstream.tls-ca",
                folder.resolve("ca.pem").toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return AskedTarget.of(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build()));
    }

    @Test
    void one_that_proves_who_it_is_is_good() {
        int port = serve(authority.issue("app.internal"), options -> options);

        assertThat(look(port, Severity.GOOD).seen().english()).contains("is valid for");
    }

    @Test
    void one_by_another_name_is_an_error_unless_that_name_is_configured() {
        int port = serve(authority.issue("shop.internal"), options -> options);

        assertThat(look(port, Severity.ERROR).advice().english()).contains("turnout.upstream.tls-name");
        look(port, Severity.GOOD, "turnout.upstream.tls-name", "shop.internal");
    }

    @Test
    void one_of_an_unknown_authority_is_an_error_unless_nothing_is_verified() {
        int port = serve(TestAuthority.root("other").issue("app.internal"), options -> options);

        assertThat(look(port, Severity.ERROR).advice().english()).contains("turnout.upstream.tls-ca");
        assertThat(look(port, Severity.GOOD, "turnout.upstream.tls-verify", "false")
                        .seen()
                        .english())
                .contains("not verified");
    }

    @Test
    void one_whose_certificate_has_ended_is_an_error_and_one_that_ends_soon_a_warning() {
        Instant now = Instant.now();
        int ended = serve(
                authority.issue(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)), "app.internal"),
                options -> options);
        int soon = serve(
                authority.issue(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(3)), "app.internal"),
                options -> options);
        int young = serve(
                authority.issue(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(3)), "app.internal"),
                options -> options);

        assertThat(look(ended, Severity.ERROR).seen().english()).contains("has expired");
        assertThat(look(soon, Severity.WARNING).seen().english()).contains("ends in 2 days");
        assertThat(look(young, Severity.GOOD).seen().english()).contains("is valid for 2 days");
    }

    @Test
    void one_that_wants_a_certificate_of_turnout_is_an_error_until_it_gets_one() {
        int port = serve(authority.issue("app.internal"), options -> options.setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem()))));
        authority.issue("turnout").write(folder, "own");

        assertThat(look(port, Severity.ERROR).advice().english()).contains("turnout.upstream.tls-cert");
        look(
                port,
                Severity.GOOD,
                "turnout.upstream.tls-cert",
                folder.resolve("own.crt").toString(),
                "turnout.upstream.tls-key",
                folder.resolve("own.key").toString());
    }

    @Test
    void one_without_http_2_is_an_error_if_its_service_has_that() {
        Issued issued = authority.issue("app.internal");
        int without = serve(issued, options -> options.setUseAlpn(false));
        int with = serve(issued, options -> options.setUseAlpn(true));

        assertThat(look(without, Severity.ERROR, "turnout.protocol", "h2")
                        .seen()
                        .english())
                .contains("protocol=h2");
        look(with, Severity.GOOD, "turnout.protocol", "h2");
    }

    @Test
    void one_that_speaks_no_tls_is_an_error() {
        int port = serve(options -> options);

        assertThat(look(port, Severity.ERROR).seen().english()).contains("does not speak TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    void one_that_wants_a_header_of_the_proxy_protocol_gets_it_before_tls(String version) {
        try (ProxyHeaderTarget target = new ProxyHeaderTarget(Program.NGINX, folder, authority.issue("app.internal"))) {
            look(target.port(true), Severity.GOOD, "turnout.upstream.send-proxy", version);
        }
    }

    @Test
    void one_that_does_not_run_is_no_error() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        look(port, Severity.ADVICE);
    }

    @Test
    void its_idle_connections_are_measured_too() {
        int port = serve(authority.issue("app.internal"), options -> options.setIdleTimeout(1));
        List<AskedTarget> encrypted = asked(port).stream()
                .filter(asked -> asked.encryption().isPresent())
                .toList();
        KeepAliveCheck check = new KeepAliveCheck(encrypted, Duration.ofSeconds(3));

        assertThat(Findings.only(check.look(), Severity.ERROR).seen().english())
                .contains("closes idle connections after");
    }

    @Test
    void none_is_asked_while_a_file_for_tls_cannot_be_used() {
        String gone = folder.resolve("gone.pem").toString();

        assertThat(asked(2, "turnout.upstream.tls-ca", gone))
                .extracting(AskedTarget::target)
                .extracting(Target::toString)
                .containsExactly("http://127.0.0.1:1");
    }
}
