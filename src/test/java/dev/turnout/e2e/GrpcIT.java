package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Guards;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The versions are servers of gRPC's own, each with a port for cleartext and one for TLS. HTTP/1.1 has no gRPC. */
@DisplayName("gRPC's own clients and servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GrpcIT {

    private static final int FLIPS = Rounds.of(4, 100);
    private static final int CALLS = Rounds.of(50, 500);
    private static final int CASES = 13;
    private static final List<String> SERVICES = List.of("cleartext", "encrypted");

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private final TestAuthority authority = TestAuthority.root("grpc");
    private GrpcVersion blue;
    private GrpcVersion green;
    private Path ca;

    @BeforeAll
    void start() throws Exception {
        GrpcProgram.compile();
        ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        blue = GrpcVersion.launch(authority, folder);
        green = GrpcVersion.launch(authority, folder);
        blue.program().awaitReady();
        green.program().awaitReady();
    }

    @AfterAll
    void end() {
        if (blue != null) {
            blue.close();
            green.close();
        }
    }

    private TurnoutProcess.Settings settings() {
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .set("turnout.listen.reuse-port", "true")
                .tls(authority, "cleartext.example", "encrypted.example");
        service(settings, "cleartext", blue.cleartext(), green.cleartext()).set(key("cleartext", "protocol"), "h2c");
        return service(settings, "encrypted", blue.encrypted(), green.encrypted())
                .set(key("encrypted", "protocol"), "h2")
                .set(key("encrypted", "tls"), "true")
                .set(key("encrypted", "tls-ca"), ca.toString())
                .set(key("encrypted", "tls-name"), GrpcVersion.NAME);
    }

    private static TurnoutProcess.Settings service(
            TurnoutProcess.Settings settings, String name, int bluePort, int greenPort) {
        return settings.set(key(name, "hosts"), name + ".example")
                .set(key(name, "blue"), "127.0.0.1:" + bluePort)
                .set(key(name, "green"), "127.0.0.1:" + greenPort)
                .set(key(name, "health.type"), "grpc")
                // Calls of the cases keep a small machine busy.
                .set(key(name, "health.timeout"), "10s")
                .set(key(name, "health.deadline"), "30s");
    }

    private static String key(String service, String key) {
        return "turnout.services.\"" + service + "\"." + key;
    }

    private static String plain(TurnoutProcess turnout, String service) {
        return "plain:" + service + ".example:" + turnout.front().getPort();
    }

    private static String secure(TurnoutProcess turnout, String service) {
        return "tls:" + service + ".example:" + turnout.secureFront().getPort();
    }

    private static Admin.Answer ask(TurnoutProcess turnout, String service, String slot) {
        return turnout.admin().post("/admin/switch?service=" + service + "&to=" + slot);
    }

    private static void flip(TurnoutProcess turnout, int times) {
        for (int i = 0; i < times; i++) {
            String slot = i % 2 == 0 ? "green" : "blue";
            SERVICES.forEach(service -> ask(turnout, service, slot).expect(200));
        }
    }

    @Guards({"T27", "T28"})
    @Test
    @DisplayName("pass every case of interoperability over all pairs of protocols, through flips and a restart")
    void every_case_passes() throws Exception {
        TurnoutProcess first = arena.start(settings());
        List<String> said;
        try (GrpcProgram client = GrpcProgram.launch(
                        "cases",
                        ca.toString(),
                        plain(first, "cleartext"),
                        plain(first, "encrypted"),
                        secure(first, "cleartext"),
                        secure(first, "encrypted"))
                .awaitReady()) {
            flip(first, FLIPS);
            TurnoutProcess second = arena.keep(first.restart());
            assertThat(first.awaitExit()).isZero();
            flip(second, 2);
            said = client.stop();
        }

        assertThat(said).noneMatch(line -> line.startsWith("failed "));
        assertThat(said).filteredOn(line -> line.startsWith("passed ")).hasSize(4 * CASES);
    }

    @Guards("T28")
    @Test
    @DisplayName("begin their endless calls again after a flip has ended them, and miss none")
    void no_streaming_call_is_lost() throws Exception {
        TurnoutProcess turnout = arena.start(settings().set("turnout.drain.timeout", "2s"));
        List<String> said;
        JsonObject drain;
        try (GrpcProgram client = GrpcProgram.launch(
                        "streams", ca.toString(), String.valueOf(CALLS), plain(turnout, "cleartext"))
                .awaitReady()) {
            drain = ask(turnout, "cleartext", "green").expect(200).json().getJsonObject("drain");
            said = client.stop();
        }

        assertThat(said).contains("talks " + CALLS + " silent 0 lost 0 unfinished 0");
        assertThat(said)
                .filteredOn(line -> line.startsWith("status "))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("status UNAVAILABLE drained "));
        assertThat(drain.getBoolean("drained")).as(drain.encodePrettily()).isTrue();
        assertThat(drain.getInteger("streamsEnded")).isEqualTo(CALLS);
        assertThat(drain.getInteger("cutCount")).isZero();
    }

    @Test
    @DisplayName("get no calls while the health service says that they do not serve")
    void the_real_health_service_is_asked() throws Exception {
        TurnoutProcess.Settings settings = settings();
        SERVICES.forEach(service -> settings.set(key(service, "health.deadline"), "1s"));
        TurnoutProcess turnout = arena.start(settings);

        green.tell("health NOT_SERVING");
        SERVICES.forEach(service ->
                assertThat(ask(turnout, service, "green").expect(424).problem()).isEqualTo("unhealthy"));
        green.tell("health SERVING");

        SERVICES.forEach(service -> Await.until(
                "a switch of " + service, () -> ask(turnout, service, "green").status() == 200));
    }
}
