package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TlsTarget;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Frame;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TLS to targets, with the packaged program")
@RequiresProgram(value = "haproxy", debianPackage = "haproxy")
final class EncryptedTargetsIT {

    private static final String NAME = "app.internal";
    private static final Payload BIG = new Payload(16 * 1024 * 1024, 1);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.root("targets");
    private final Backend plainBlue = arena.application("blue");
    private final Backend plainGreen = arena.application("green");
    private TlsTarget blue;
    private TlsTarget green;
    private TurnoutProcess.Settings settings;

    /** Both targets take only clients with a certificate of the authority. */
    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.issue("turnout").write(folder, "own");
        blue = target(authority, NAME, plainBlue.address());
        green = target(authority, NAME, plainGreen.address());
        settings = TurnoutProcess.with()
                .inFile()
                .set("turnout.blue", blue.address())
                .set("turnout.green", green.address())
                .set("turnout.warmup.paths", "/")
                .set("turnout.health.deadline", "2s");
        encrypted(settings);
    }

    private TurnoutProcess.Settings encrypted(TurnoutProcess.Settings plain) {
        return plain.set("turnout.upstream.tls", "true")
                .set("turnout.upstream.tls-ca", folder.resolve("ca.pem").toString())
                .set("turnout.upstream.tls-name", NAME)
                .set("turnout.upstream.tls-cert", folder.resolve("own.crt").toString())
                .set("turnout.upstream.tls-key", folder.resolve("own.key").toString());
    }

    @AfterEach
    void stop() {
        blue.close();
        green.close();
    }

    private TlsTarget target(TestAuthority signer, String name, String application) {
        return new TlsTarget(
                folder, signer.issue(name), "verify required ca-file " + folder.resolve("ca.pem"), application);
    }

    private static String ask(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            Response response = client.get("/").read();
            return response.status() + " " + response.text();
        }
    }

    @Test
    @DisplayName("holds for requests, probes, the warm-up, the gate, and a switch with connections ahead")
    void a_switch_over_tls() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        assertThat(ask(turnout)).isEqualTo("200 blue");

        assertThat(turnout.admin().post("/admin/switch?to=green").expect(200).text())
                .contains("\"warmup\"")
                .doesNotContain("TLS");
        assertThat(ask(turnout)).isEqualTo("200 green");
        assertThat(turnout.admin().target("blue").getString("health")).isEqualTo("UP");
    }

    @Test
    @DisplayName("keeps a switch from a target that proves another name, and says so in the answer and the status")
    void the_gate_says_why() throws Exception {
        try (TlsTarget other = target(authority, "other.internal", plainGreen.address())) {
            TurnoutProcess turnout = arena.start(settings.set("turnout.green", other.address()));
            String reason = "the target's certificate is for another name (it has to be for app.internal, and is for"
                    + " other.internal)";
            assertThat(turnout.admin()
                            .post("/admin/switch?to=green")
                            .expect(424)
                            .text())
                    .contains(reason);
            Await.until(
                    "the status tells it",
                    () -> turnout.admin().get("/admin/status").text().contains(reason));
            assertThat(ask(turnout)).isEqualTo("200 blue");
        }
    }

    @Test
    @DisplayName("reads files again at a reload with no changed key, and keeps the old ones if the new can't be used")
    void a_reload_reads_the_files_again() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        TestAuthority next = TestAuthority.root("next");
        try (TlsTarget moved = target(next, NAME, plainGreen.address())) {
            settings.set("turnout.green", moved.address()).write();
            turnout.admin().post("/admin/reload").expect(200);
            assertThat(turnout.admin().post("/admin/switch?to=green").status()).isNotEqualTo(200);

            Files.writeString(folder.resolve("ca.pem"), "no certificate");
            assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                    .contains("turnout.upstream.tls-ca=" + folder.resolve("ca.pem"), "Nothing has changed");
            assertThat(ask(turnout)).isEqualTo("200 blue");

            Files.writeString(folder.resolve("ca.pem"), authority.pem() + next.pem());
            assertThat(turnout.admin().post("/admin/reload").expect(200).text()).doesNotContain("tls-ca");
            turnout.admin().post("/admin/switch?to=green").expect(200);
            assertThat(ask(turnout)).isEqualTo("200 green");
        }
    }

    @Test
    @DisplayName("is switched on by a reload, together with the targets that speak it")
    void a_reload_switches_it_on() throws Exception {
        TurnoutProcess.Settings plain =
                TurnoutProcess.with().inFile().blue(plainBlue).green(plainGreen);
        TurnoutProcess turnout = arena.start(plain);
        assertThat(ask(turnout)).isEqualTo("200 blue");

        plain.set("turnout.blue", blue.address()).set("turnout.green", green.address());
        encrypted(plain).write();
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(ask(turnout)).isEqualTo("200 blue");
        turnout.admin().switchTo("green");
        assertThat(ask(turnout)).isEqualTo("200 green");
    }

    @Test
    @DisplayName("warns in check, at the start and in the status of certificates that are not verified")
    void verification_that_is_off_is_loud() throws Exception {
        settings.unset("turnout.upstream.tls-ca").set("turnout.upstream.tls-verify", "false");
        TurnoutProcess turnout = arena.start(settings);
        assertThat(turnout.log()).contains("turnout.upstream.tls-verify=false: the certificates of the targets");
        assertThat(turnout.admin().get("/admin/status").text())
                .contains("Remove turnout.upstream.tls-verify=false, and name their authority by"
                        + " turnout.upstream.tls-ca.");
        assertThat(turnout.admin().post("/admin/check").expect(200).text())
                .contains("turnout.upstream.tls-verify=false: the certificates of the targets");
        assertThat(ask(turnout)).isEqualTo("200 blue");
    }

    @Test
    @DisplayName("refuses a start with a file that can't be used, by the name of the service's own key")
    void a_bad_file_refuses_the_start() {
        Path missing = folder.resolve("missing.pem");
        TurnoutProcess turnout = arena.keep(settings.set("turnout.services.\"api\".blue", plainBlue.address())
                .set("turnout.services.\"api\".green", plainGreen.address())
                .set("turnout.services.\"api\".hosts", "api.example")
                .set("turnout.services.\"api\".tls-ca", missing.toString())
                .launch());
        assertThat(turnout.awaitExit()).isNotZero();
        assertThat(turnout.log())
                .contains("turnout.services.\"api\".tls-ca=" + missing + ": there is no such file.")
                .doesNotContain("Exception");
    }

    @Test
    @DisplayName("carries uploads and downloads as they are")
    void bodies_are_carried() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient client = turnout.connect()) {
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: " + BIG.length() + "\r\n\r\n");
            assertThat(client.send(BIG).read().text()).isEqualTo(BIG.length() + " " + BIG.crc());
            Payload down = new Payload(BIG.length(), BIG.length());
            Response response = client.get("/download?" + down.length()).read();
            assertThat(response.body().length()).isEqualTo(down.length());
            assertThat(response.body().crc()).isEqualTo(down.crc());
        }
    }

    @Test
    @DisplayName("carries WebSockets as they are, until one side ends")
    void web_sockets_are_carried() throws Exception {
        try (WebSocketApplication application = new WebSocketApplication("chat");
                TlsTarget target = target(authority, NAME, application.address())) {
            TurnoutProcess turnout = arena.start(settings.set("turnout.blue", target.address()));
            try (WebSocketClient client = WebSocketClient.open(turnout.front())) {
                assertThat(client.ask("hello")).isEqualTo("chat hello");
                byte[] large = new byte[300_000];
                assertThat(client.send(Frame.binary(large)).read().payload()).isEqualTo(large);
                client.send(Frame.close(1000));
                assertThat(client.read().closeCode()).isEqualTo(1000);
                assertThat(client.isClosedByPeer()).isTrue();
            }
            Await.until("the application has lost the WebSocket", () -> application.openSockets() == 0);
        }
    }

    @Test
    @DisplayName(
            "holds for one target of a slot beside a plain one, and no request is lost while such a slot is switched to")
    void a_mixed_slot() throws Exception {
        Backend plain = arena.application("plain");
        TurnoutProcess turnout = arena.start(settings.unset("turnout.upstream.tls")
                .set("turnout.blue", plain.address())
                .set("turnout.green", "https://" + green.address() + ", " + plainBlue.address()));
        Load load = Load.on(turnout.front())
                .keepAlive(4, Duration.ofMillis(2))
                .fresh(2, Duration.ofMillis(5))
                .start();
        for (int i = 0; i < 3; i++) {
            turnout.admin().post("/admin/switch?to=green").expect(200);
            turnout.admin().post("/admin/switch?to=blue").expect(200);
        }
        turnout.admin()
                .put("/admin/slots/blue/targets/https:%2F%2F" + blue.address())
                .expect(200);
        Load.Report report = load.stop();

        assertThat(report.failures()).isEmpty();
        assertThat(plainGreen.requests()).isPositive();
        assertThat(plainBlue.requests()).isPositive();
        assertThat(turnout.admin().status().encode()).contains("https://" + blue.address());
    }
}
