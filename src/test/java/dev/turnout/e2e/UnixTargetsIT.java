package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.UnixProgram;
import dev.turnout.support.UnixRelay;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Targets that listen on Unix sockets")
@RequiresProgram(value = "nginx", debianPackage = "nginx")
@RequiresProgram(value = "python3", debianPackage = "python3")
final class UnixTargetsIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final Backend tcp = arena.application("tcp");

    private static TurnoutProcess.Settings settings(String blue, String green) {
        return TurnoutProcess.with()
                .inFile()
                .set("turnout.blue", blue)
                .set("turnout.green", green)
                .set("turnout.health.interval", "20ms")
                .set("turnout.health.deadline", "2s")
                .set("turnout.warmup.paths", "/");
    }

    private static Response ask(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read();
        }
    }

    private static String path(String slot, String target) {
        return "/admin/slots/" + slot + "/targets/" + URLEncoder.encode(target, StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("are probed, warmed up, switched to and served, with Python's server and nginx")
    void real_servers() throws IOException {
        try (UnixProgram python = UnixProgram.python(folder, "python");
                UnixProgram nginx = UnixProgram.nginx(folder, "nginx", "", "nginx $http_host")) {
            TurnoutProcess turnout = arena.start(settings(python.address(), nginx.address()));
            assertThat(ask(turnout).text()).isEqualTo("python");

            String receipt =
                    turnout.admin().post("/admin/switch?to=green").expect(200).text();
            assertThat(receipt).contains("\"warmup\"", nginx.address());
            assertThat(ask(turnout).text()).isEqualTo("nginx app.example");
            assertThat(turnout.admin().target("blue").getString("health")).isEqualTo("UP");
            assertThat(turnout.admin().target("green").getString("target")).isEqualTo(nginx.address());
            assertThat(turnout.admin().get("/q/metrics").text()).contains("target=\"" + nginx.address() + "\"");

            turnout.admin().switchTo("blue");
            assertThat(ask(turnout).text()).isEqualTo("python");
        }
    }

    @Test
    @DisplayName("lose no request while traffic flips between them and a port")
    void flips_under_load() throws IOException {
        Backend other = arena.application("unix");
        try (UnixRelay relay = new UnixRelay(folder.resolve("app.sock"), other)) {
            TurnoutProcess turnout = arena.start(settings(relay.address(), tcp.address()));
            Load load = Load.on(turnout.front())
                    .keepAlive(6, Duration.ofMillis(2))
                    .fresh(3, Duration.ofMillis(5))
                    .slow(2, Duration.ofMillis(50), Duration.ofMillis(5))
                    .uploads(1, 3_000_000)
                    .downloads(1, 3_000_000)
                    .start();
            for (int i = 0; i < 10; i++) {
                turnout.admin().switchTo("green");
                turnout.admin().switchTo("blue");
            }
            Load.Report report = load.stop();
            assertThat(report.failures()).isEmpty();
            assertThat(report.requests()).isGreaterThan(200);
            assertThat(other.requests()).isGreaterThan(50);
            assertThat(tcp.requests()).isGreaterThan(50);
        }
    }

    @Test
    @DisplayName("come and go at run time beside ports, and stay through a restart")
    void at_run_time() throws IOException {
        try (UnixProgram python = UnixProgram.python(folder, "python")) {
            TurnoutProcess turnout = arena.start(settings(tcp.address(), "127.0.0.1:1"));
            turnout.admin().put(path("blue", python.address())).expect(200);
            Await.until("a request at the Unix socket", () -> answers(turnout, "python"));

            turnout.terminate();
            turnout.awaitExit();
            TurnoutProcess again = arena.keep(turnout.restart());
            assertThat(again.admin().status().encode()).contains(python.address());

            again.admin().delete(path("blue", python.address())).expect(200);
            for (int i = 0; i < 10; i++) {
                assertThat(ask(again).text()).isEqualTo("tcp");
            }
        }
    }

    private static boolean answers(TurnoutProcess turnout, String name) {
        try {
            return ask(turnout).text().equals(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("that are not there, or may not be used, are refused by the gate with the reason, and answered 502")
    void reasons() throws IOException {
        Path missing = folder.resolve("missing.sock");
        TurnoutProcess turnout = arena.start(settings(tcp.address(), "unix:" + missing));
        Admin.Answer refused = turnout.admin().post("/admin/switch?to=green").expect(424);
        assertThat(refused.text()).contains("no such socket", "unix:" + missing);

        turnout.admin().post("/admin/switch?to=green&force=true").expect(200);
        Response answer = ask(turnout);
        assertThat(answer.status()).isEqualTo(502);
    }

    @Test
    @DisplayName("are told whose each connection is, by a header of the PROXY protocol")
    void proxy_protocol() throws IOException {
        try (UnixProgram nginx =
                UnixProgram.nginx(folder, "nginx", "proxy_protocol", "$proxy_protocol_addr $proxy_protocol_port")) {
            TurnoutProcess turnout =
                    arena.start(settings(nginx.address(), tcp.address()).set("turnout.upstream.send-proxy", "v1"));
            try (RawClient client = turnout.connect()) {
                assertThat(client.get("/").read().text()).isEqualTo("127.0.0.1 " + client.localPort());
            }
        }
    }

    @Test
    @DisplayName("that another user keeps for itself are refused with the words that its permissions are the reason")
    void permissions() throws IOException {
        try (UnixProgram python = UnixProgram.python(folder, "python")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            Path state = folder.resolve("state");
            Files.setPosixFilePermissions(python.socket(), PosixFilePermissions.fromString("rwx------"));
            TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                    .set("turnout.blue", tcp.address())
                    .set("turnout.green", python.address())
                    .set("turnout.health.interval", "20ms")
                    .set("turnout.health.deadline", "2s")
                    .set("turnout.state.directory", state.toString())
                    .user(65534));
            assertThat(turnout.admin()
                            .post("/admin/switch?to=green")
                            .expect(424)
                            .text())
                    .contains("permission denied");
        }
    }
}
