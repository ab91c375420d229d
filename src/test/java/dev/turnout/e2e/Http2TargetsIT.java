package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Load;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "nghttpx", debianPackage = "nghttp2-proxy")
@DisplayName("Targets that speak HTTP/2 alone: nghttpx before each application")
final class Http2TargetsIT {

    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;
    private static final String NAME = "app.internal";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.root("targets");
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final List<Process> fronts = new ArrayList<>();
    private TurnoutProcess turnout;
    private Admin admin;

    /** The ports of one nghttpx, before the same application. */
    private record Front(int cleartext, int encrypted) {}

    @BeforeEach
    void start() throws IOException {
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.issue(NAME).write(folder, "app");
        Front blueFront = front(blue);
        Front greenFront = front(green);
        turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", "127.0.0.1:" + blueFront.cleartext())
                .set("turnout.green", "127.0.0.1:" + greenFront.cleartext())
                .set("turnout.protocol", "h2c")
                .set(key("hosts"), "encrypted.example")
                .set(key("blue"), "127.0.0.1:" + blueFront.encrypted())
                .set(key("green"), "127.0.0.1:" + greenFront.encrypted())
                .set(key("protocol"), "h2")
                .set(key("tls"), "true")
                .set(key("tls-ca"), ca.toString())
                .set(key("tls-name"), NAME)
                .set(key("health.interval"), "200ms")
                .set("turnout.warmup.paths", "/,/slow?1")
                .set("turnout.warmup.count", "3")
                .set("turnout.health.interval", "10ms")
                .set("turnout.health.rise", "1")
                .set("turnout.health.deadline", "5s"));
        admin = turnout.admin();
    }

    private static String key(String key) {
        return "turnout.services.\"encrypted\"." + key;
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process front : fronts) {
            front.destroy();
            front.waitFor();
        }
    }

    private Front front(Backend application) throws IOException {
        int port = Ports.next();
        int encrypted = Ports.next();
        fronts.add(new ProcessBuilder(
                        "nghttpx",
                        "--frontend=127.0.0.1," + port + ";no-tls",
                        "--frontend=127.0.0.1," + encrypted,
                        "--backend=127.0.0.1," + application.port(),
                        "--frontend-read-timeout=5m",
                        "--conf=/dev/null",
                        "--workers=1",
                        folder.resolve("app.key").toString(),
                        folder.resolve("app.crt").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nghttpx-" + port).toFile())
                .start());
        Await.until("nghttpx listens", () -> listens(port) && listens(encrypted));
        return new Front(port, encrypted);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("Flips under every kind of load fail no request, and probes and the gate speak HTTP/2 too")
    void flips_under_every_kind_of_load() {
        Load load = Load.on(turnout.front())
                .keepAlive(16, Duration.ofMillis(5))
                .fresh(2, Duration.ofMillis(20))
                .slow(2, Duration.ofMillis(500), Duration.ofSeconds(1))
                .uploads(1, TEN_MEGABYTES)
                .downloads(1, TEN_MEGABYTES)
                .start();
        try (load) {
            int rounds = Rounds.of(10, 100);
            for (int i = 0; i < rounds; i++) {
                JsonObject receipt = admin.switchTo(i % 2 == 0 ? "green" : "blue");
                assertThat(receipt.getJsonObject("drain").getBoolean("drained"))
                        .as(receipt.encodePrettily())
                        .isTrue();
                assertWarm(receipt.getJsonObject("warmup"));
                long before = load.requests();
                Await.until("the load goes on", () -> load.requests() > before + 50);
            }
        }
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    @DisplayName("Over TLS a switch warms the new slot up and opens connections ahead by HTTP/2 too")
    void a_warm_up_over_tls() throws IOException {
        JsonObject receipt = admin.post("/admin/switch?to=green&service=encrypted")
                .expect(200)
                .json();

        assertWarm(receipt.getJsonObject("warmup"));
        assertThat(green.arrivals())
                .hasSize(6)
                .allMatch(arrival ->
                        arrival.head().fields().only("User-Agent").orElse("").equals("turnout-warm-up"));
        try (RawClient client = turnout.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: encrypted.example\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("green");
        }
    }

    /** The requests of the warm-up speak HTTP/2: nghttpx has closed whatever does not. */
    private static void assertWarm(JsonObject warmUp) {
        assertThat(warmUp.getInteger("requests")).as(warmUp.encode()).isEqualTo(6);
        assertThat(warmUp.getInteger("failures")).as(warmUp.encode()).isZero();
        assertThat(warmUp.getInteger("connections")).as(warmUp.encode()).isPositive();
    }
}
