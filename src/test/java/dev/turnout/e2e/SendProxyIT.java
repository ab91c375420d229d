package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.ProxyHeaderTarget;
import dev.turnout.support.ProxyHeaderTarget.Program;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The PROXY protocol to targets, with the packaged program")
@RequiresProgram(value = "nginx", debianPackage = "nginx")
@RequiresProgram(value = "haproxy", debianPackage = "haproxy")
final class SendProxyIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.root("targets");

    private ProxyHeaderTarget target(Program program) {
        return new ProxyHeaderTarget(program, folder, authority.issue("app.internal"));
    }

    private static void ask(TurnoutProcess turnout, RawClient client) throws IOException {
        assertThat(client.get("/").read().text())
                .isEqualTo("127.0.0.1 " + client.localPort() + " 127.0.0.1 "
                        + turnout.front().getPort());
    }

    @ParameterizedTest
    @CsvSource({"v1, false", "v2, true"})
    @DisplayName("names each client through a switch from nginx to HAProxy, whose gate and warm-up pass")
    void a_switch(String version, boolean tls) throws Exception {
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
        try (ProxyHeaderTarget blue = target(Program.NGINX);
                ProxyHeaderTarget green = target(Program.HAPROXY)) {
            TurnoutProcess.Settings settings = TurnoutProcess.with()
                    .inFile()
                    .set("turnout.blue", "127.0.0.1:" + blue.port(tls))
                    .set("turnout.green", "127.0.0.1:" + green.port(tls))
                    .set("turnout.warmup.paths", "/")
                    .set("turnout.upstream.send-proxy", version);
            if (tls) {
                settings.set("turnout.upstream.tls", "true")
                        .set("turnout.upstream.tls-ca", folder.resolve("ca.pem").toString())
                        .set("turnout.upstream.tls-name", "app.internal");
            }
            TurnoutProcess turnout = arena.start(settings);
            try (RawClient first = turnout.connect();
                    RawClient second = turnout.connect()) {
                for (RawClient client : List.of(first, second)) {
                    ask(turnout, client);
                }
                turnout.admin().post("/admin/switch?to=green").expect(200);
                for (RawClient client : List.of(first, second, first)) {
                    ask(turnout, client);
                }
            }
            assertThat(turnout.admin().target("green").getString("health")).isEqualTo("UP");
        }
    }

    @Test
    @DisplayName("is switched off by a reload, which has targets that want the header fail")
    void a_reload() throws Exception {
        try (ProxyHeaderTarget blue = target(Program.NGINX);
                ProxyHeaderTarget green = target(Program.HAPROXY)) {
            TurnoutProcess.Settings settings = TurnoutProcess.with()
                    .inFile()
                    .set("turnout.blue", "127.0.0.1:" + blue.port(false))
                    .set("turnout.green", "127.0.0.1:" + green.port(false))
                    .set("turnout.health.deadline", "1s")
                    .set("turnout.upstream.send-proxy", "v1");
            TurnoutProcess turnout = arena.start(settings);
            try (RawClient client = turnout.connect()) {
                ask(turnout, client);
                settings.set("turnout.upstream.send-proxy", "off").write();
                turnout.admin().post("/admin/reload").expect(200);
                assertThat(turnout.admin().post("/admin/switch?to=green").status())
                        .isEqualTo(424);
                settings.set("turnout.upstream.send-proxy", "v2").write();
                turnout.admin().post("/admin/reload").expect(200);
                turnout.admin().post("/admin/switch?to=green").expect(200);
                ask(turnout, client);
            }
        }
    }
}
