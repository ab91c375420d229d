package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Load;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reload opens, changes and closes the port for HTTPS, and no client of another port notices")
final class HttpsAtReloadIT {

    private static final int ROUNDS = Rounds.of(4, 50);
    private static final String NAME = "shop.example";
    private static final String REQUEST = "GET /small HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TestAuthority root = TestAuthority.root("Root");
    private final Backend blue = arena.application("blue");
    private final TurnoutProcess.Settings settings =
            TurnoutProcess.with().inFile().blue(blue).green(arena.application("green"));

    @TempDir
    Path certificates;

    private TurnoutProcess start() {
        return arena.start(settings);
    }

    private Admin.Answer reload(TurnoutProcess turnout) {
        settings.write();
        return turnout.admin().post("/admin/reload");
    }

    private static URI secure(int port) {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** Configures HTTPS with a certificate. Returns its port. */
    private int https() {
        root.issue(NAME).write(certificates, NAME);
        settings.set("turnout.tls.directory", certificates.toString());
        return port(Ports.next());
    }

    private int port(int port) {
        settings.set("turnout.tls.port", String.valueOf(port));
        return port;
    }

    private void noHttps() {
        settings.unset("turnout.tls.port").unset("turnout.tls.directory");
    }

    private static int status(RawClient client) throws IOException {
        return client.send(REQUEST).read().status();
    }

    private static int status(int port) throws IOException {
        try (RawClient client = RawClient.secure(secure(port), NAME)) {
            return status(client);
        }
    }

    private static void assertClosed(int port) {
        assertThatThrownBy(() -> status(port)).isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void under_load_no_request_fails_and_open_connections_go_on(boolean isShared) throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.listen.reuse-port", String.valueOf(isShared)));
        try (Load plain = Load.on(turnout.front())
                .keepAlive(8, Duration.ofMillis(5))
                .fresh(2, Duration.ofMillis(5))
                .start()) {
            for (int i = 0; i < ROUNDS; i++) {
                int first = https();
                reload(turnout).expect(200);
                Load.Report opened = load(first);
                try (RawClient kept = RawClient.secure(secure(first), NAME)) {
                    assertThat(status(kept)).isEqualTo(200);
                    int second = port(Ports.next());
                    reload(turnout).expect(200);
                    assertThat(status(second)).isEqualTo(200);
                    assertThat(status(kept)).isEqualTo(200);
                    noHttps();
                    reload(turnout).expect(200);
                    assertThat(status(kept)).isEqualTo(200);
                    awaitClosed(first);
                    awaitClosed(second);
                }
                assertThat(opened.failures()).isEmpty();
            }
            Load.Report report = plain.stop();
            System.out.println(
                    ROUNDS + " times HTTPS opened, moved and closed, shared port " + isShared + ": plain " + report);
            assertThat(report.failures()).isEmpty();
        }
    }

    /** Clients that come as soon as the reload has answered, and go before the port is closed. */
    private static Load.Report load(int port) {
        try (Load load = Load.on(secure(port))
                .keepAlive(4, Duration.ofMillis(5))
                .fresh(2, Duration.ofMillis(5))
                .start()) {
            Await.until("load over TLS", () -> load.requests() > 100);
            return load.stop();
        }
    }

    private static void awaitClosed(int port) {
        Await.until("port " + port + " is closed", () -> isClosed(port));
    }

    private static boolean isClosed(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return e instanceof ConnectException;
        }
    }

    @Test
    void a_port_that_somebody_else_has_refuses_all_of_the_reload() throws IOException {
        TurnoutProcess turnout = start();
        int free = https();
        settings.set("turnout.show-slot", "true");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            port(taken.getLocalPort());

            assertThat(reload(turnout).expect(422).text())
                    .contains("Cannot listen on turnout.tls.port", "Nothing has changed");
            assertNothingHasChanged(turnout);
        }
        port(free);
        reload(turnout).expect(200);

        assertThat(status(free)).isEqualTo(200);
    }

    @Test
    void a_certificate_that_can_not_be_served_refuses_all_of_the_reload() throws IOException {
        TurnoutProcess turnout = start();
        int port = https();
        settings.set("turnout.show-slot", "true");
        Path certificate = certificates.resolve(NAME + ".crt");
        String good = Files.readString(certificate);
        Files.writeString(certificate, "broken");

        assertThat(reload(turnout).expect(422).text())
                .contains(certificate + ": it holds no certificate", "Nothing has changed")
                .doesNotContain("within 10 s");
        assertThat(turnout.log()).doesNotContain("within 10 s");
        assertNothingHasChanged(turnout);
        assertClosed(port);
        Files.writeString(certificate, good);
        reload(turnout).expect(200);

        assertThat(status(port)).isEqualTo(200);
        assertThat(turnout.admin().get("/admin/certificates").text()).contains(NAME);
    }

    @Test
    void a_new_target_that_is_not_healthy_refuses_the_port_too_and_a_later_reload_opens_it() throws IOException {
        TurnoutProcess turnout = start();
        Backend sick = arena.application("sick");
        sick.probes(Effect.status(500, "no"));
        int port = https();
        settings.set("turnout.health.deadline", "1s").blue(sick);

        reload(turnout).expect(424);
        assertClosed(port);
        assertThat(turnout.admin().get("/admin/certificates").text()).doesNotContain(NAME);
        settings.blue(blue);
        reload(turnout).expect(200);

        assertThat(status(port)).isEqualTo(200);
    }

    @Test
    void a_redirect_of_the_same_reload_names_the_port_at_once() throws IOException {
        TurnoutProcess turnout = start();
        int port = https();
        settings.set("turnout.tls.redirect", "true");

        reload(turnout).expect(200);

        try (RawClient client = turnout.connect()) {
            String host = NAME + ":" + turnout.front().getPort();
            assertThat(client.send(REQUEST.replace(NAME, host)).read().fields().all("Location"))
                    .containsExactly("https://" + NAME + ":" + port + "/small");
        }
        assertThat(status(port)).isEqualTo(200);
    }

    @Test
    void the_engine_of_java_serves_a_port_that_a_reload_opens() throws IOException {
        settings.set("turnout.tls.engine", "jdk");
        TurnoutProcess turnout = start();
        int port = https();

        reload(turnout).expect(200);

        assertThat(status(port)).isEqualTo(200);
    }

    @Test
    void a_successor_takes_over_a_port_that_a_reload_has_opened() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.listen.reuse-port", "true"));
        int port = https();
        reload(turnout).expect(200);
        try (Load load = Load.on(secure(port))
                .keepAlive(4, Duration.ofMillis(5))
                .fresh(2, Duration.ofMillis(5))
                .start()) {
            Await.until("load over TLS", () -> load.requests() > 50);
            arena.keep(turnout.restart());
            assertThat(turnout.awaitExit()).isZero();
            long before = load.requests();
            Await.until("load at the successor", () -> load.requests() > before + 50);

            assertThat(load.stop().failures()).isEmpty();
        }
    }

    private static void assertNothingHasChanged(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/small").read().fields().all("X-Turnout-Slot"))
                    .isEmpty();
        }
        assertThat(turnout.admin().status().getJsonArray("warnings").encode()).doesNotContain("turnout.tls");
    }
}
