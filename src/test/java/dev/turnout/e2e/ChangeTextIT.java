package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Plain curl gets an answer that a person can read")
@RequiresProgram(value = "curl", debianPackage = "curl")
final class ChangeTextIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private static Process curl(TurnoutProcess turnout, String path, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "--max-time", "50"));
        command.addAll(List.of(options));
        command.add(turnout.adminAddress().resolve(path).toString());
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> lines(Process curl) throws IOException, InterruptedException {
        String text = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text.lines().toList();
    }

    @Test
    @DisplayName("a switch: what serves, what became of the old slot, what to do; the version outlives a restart")
    void a_switch() throws Exception {
        TurnoutProcess turnout = arena.start(blue, green);

        List<String> lines = lines(curl(turnout, "/admin/switch?version=1.4.2&by=minji&note=checkout", "-X", "POST"));

        assertThat(lines).hasSizeLessThanOrEqualTo(10);
        assertThat(lines.get(0)).isEqualTo("Switched: green (version 1.4.2) serves instead of blue.");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).startsWith("Drain: "))
                .contains("Serving: green " + green.address() + ", version 1.4.2, revision 2.")
                .last()
                .asString()
                .startsWith("Next: the process of slot blue may be stopped.");
        assertThat(turnout.log())
                .contains("green (version 1.4.2) serves instead of blue")
                .contains("minji");

        turnout.terminate();
        JsonObject slot = arena.keep(turnout.restart())
                .admin()
                .status()
                .getJsonObject("slots")
                .getJsonObject("green");
        assertThat(slot.getString("version")).isEqualTo("1.4.2");
        assertThat(slot.getString("deployedBy")).isEqualTo("minji");
        assertThat(slot.getString("note")).isEqualTo("checkout");
    }

    @Test
    @DisplayName("a refusal: what was answered, what serves still, which key to set; in Korean too")
    void a_refusal() throws Exception {
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.health.deadline", "2s"));
        green.probes(Effect.status(404, "nothing here"));

        assertThat(lines(curl(turnout, "/admin/switch", "-X", "POST")))
                .hasSize(4)
                .satisfies(lines -> {
                    assertThat(lines.get(0))
                            .startsWith("Not switched: " + green.address() + " (green) answered 404 to GET ");
                    assertThat(lines.get(1)).startsWith("Gate: ").contains("404");
                    assertThat(lines.get(2))
                            .isEqualTo("Still serving: blue " + blue.address() + ". Nothing has changed.");
                    assertThat(lines.get(3)).startsWith("Next: set turnout.health.path to ");
                });
        assertThat(lines(curl(turnout, "/admin/switch", "-X", "POST", "-H", "Accept-Language: ko")))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("전환하지 않았습니다: " + green.address());
        String json = String.join(
                "\n", lines(curl(turnout, "/admin/switch", "-X", "POST", "-H", "Accept: application/json")));
        assertThat(new JsonObject(json)
                        .getJsonObject("gate")
                        .getJsonArray("probes")
                        .size())
                .isEqualTo(5);
    }

    @Test
    @RequiresProgram(value = "python3", debianPackage = "python3")
    @DisplayName("an application that ends while the gate waits for it is named at once")
    void an_application_that_ends() throws Exception {
        int port = Ports.next();
        Process application = new ProcessBuilder(
                        "python3", "-m", "http.server", "--bind", "127.0.0.1", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                    .blue(blue)
                    .set("turnout.green", "127.0.0.1:" + port)
                    .set("turnout.health.path", "/not-there")
                    .set("turnout.health.deadline", "40s"));
            Process curl = curl(turnout, "/admin/switch", "-X", "POST");
            Await.until("the application is asked and seen", () -> isProbedLongEnough(turnout));

            application.destroyForcibly().waitFor();
            long killedNanos = System.nanoTime();

            assertThat(lines(curl).get(0))
                    .isEqualTo("Not switched: the process that listened on 127.0.0.1:" + port + " (pid "
                            + application.pid() + ", python3) has ended.");
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - killedNanos))
                    .isLessThan(15);
        } finally {
            application.destroyForcibly();
        }
    }

    /** A gate looks for the process at its beginning, and again while it is not known. */
    private static boolean isProbedLongEnough(TurnoutProcess turnout) {
        JsonObject switching = turnout.admin().status().getJsonObject("switching");
        return switching != null
                && Instant.parse(switching.getString("since"))
                        .isBefore(Instant.now().minusSeconds(3));
    }
}
