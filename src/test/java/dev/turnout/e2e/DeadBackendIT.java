package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Backends that are dead, or a new version that never comes to life")
final class DeadBackendIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final TurnoutProcess.Settings settings =
            TurnoutProcess.with().blue(blue).green(green).set("turnout.health.deadline", "700ms");

    @Test
    @DisplayName("kill -9 of the active backend: an answer with a cause, recovery by itself, no change unasked")
    void the_active_backend_dies_and_comes_back() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        blue.kill();
        for (int i = 0; i < 20; i++) {
            Response response = ask(turnout);
            assertThat(response.status()).isIn(502, 503);
            assertThat(response.fields().only("X-Turnout")).isPresent();
        }
        Await.until("blue DOWN", () -> health(turnout, "blue").equals("DOWN"));
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(green.requests()).isZero();
        blue.revive();
        assertThat(ask(turnout).text()).isEqualTo("blue");
        Await.until("blue UP", () -> health(turnout, "blue").equals("UP"));
        assertThat(turnout.admin().revision()).isEqualTo(1);
    }

    @Test
    @Guards("F9")
    @DisplayName("A start with a dead recorded slot keeps this slot active and warns of it")
    void the_recorded_slot_is_dead_at_the_start() throws IOException {
        blue.kill();
        TurnoutProcess turnout = arena.start(settings);
        Await.until(
                "a warning",
                () -> !turnout.admin().status().getJsonArray("warnings").isEmpty());
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(ask(turnout).status()).isIn(502, 503);
        Await.until("a loud line in the log", () -> turnout.log().matches("(?s).*(WARN|ERROR).*blue.*"));
    }

    static Stream<Arguments> newVersionsThatNeverComeToLife() {
        CountDownLatch never = new CountDownLatch(1);
        return Stream.of(
                Arguments.of("hangs", Effect.heldUntil(never, Effect.ok("late"))),
                Arguments.of("answers 500", Effect.status(500, "no database")),
                Arguments.of("answers garbage", Effect.raw("garbage\r\n\r\n", SocketEnd.CLOSE)),
                Arguments.of("closes at once", Effect.cutBeforeHead(SocketEnd.CLOSE)),
                Arguments.of("resets", Effect.cutBeforeHead(SocketEnd.RESET)),
                Arguments.of("answers half a head", Effect.cutInHead(SocketEnd.STALL)),
                Arguments.of(
                        "answers after the deadline", new Effect.Slow(Duration.ofMillis(1_500), Effect.ok("late"))));
    }

    @ParameterizedTest(name = "the new version {0}")
    @MethodSource("newVersionsThatNeverComeToLife")
    @Guards("F10")
    @DisplayName("A new version that is not healthy changes nothing")
    void a_new_version_that_is_not_healthy_changes_nothing(String what, Effect probes) throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        green.probes(probes);
        assertRefusedWithoutATrace(turnout);
    }

    @Test
    @Guards("F10")
    @DisplayName("A new version that never listens changes nothing")
    void a_new_version_that_does_not_listen_changes_nothing() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        green.kill();
        String detail = assertRefusedWithoutATrace(turnout);
        assertThat(detail).contains("refused");
    }

    @Test
    @Guards("F10")
    @DisplayName("The explanation has the status and the body of the last failed probe")
    void the_explanation_has_status_and_body_of_the_last_probe() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        green.probes(Effect.status(503, "no database"));
        String answer =
                turnout.admin().post("/admin/switch?to=green").expect(424).text();
        assertThat(answer).contains("503").contains("no database").contains(green.address());
    }

    @Test
    @Guards("F8")
    @DisplayName("A version that is healthy only every third time is not healthy")
    void probes_have_to_be_good_in_a_row() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.health.rise", "3"));
        green.probes(new Effect.InTurn(Effect.ok("up"), Effect.status(500, "down"), Effect.status(500, "down")));
        assertRefusedWithoutATrace(turnout);
    }

    @Test
    @Guards("F8")
    @DisplayName("Health does not change on one bad probe")
    void one_bad_probe_is_not_bad_health() {
        TurnoutProcess turnout = arena.start(settings);
        Await.until("blue UP", () -> health(turnout, "blue").equals("UP"));
        blue.probes(new Effect.InTurn(Effect.status(500, "a hiccup"), Effect.ok("up"), Effect.ok("up")));
        int before = blue.probesAnswered();
        while (blue.probesAnswered() < before + 12) {
            assertThat(health(turnout, "blue")).isEqualTo("UP");
        }
    }

    @Test
    @Guards("F15")
    @DisplayName("A target is not up before a probe has answered")
    void unknown_is_not_up() throws IOException {
        green.probes(Effect.heldUntil(new CountDownLatch(1), Effect.ok("late")));
        TurnoutProcess turnout = arena.start(settings);
        assertThat(health(turnout, "green")).isEqualTo("UNKNOWN");
        assertRefusedWithoutATrace(turnout);
    }

    @Test
    @Guards("F17")
    @DisplayName("The idle target is known while the application is down")
    void the_idle_target_is_known_while_everything_is_down() {
        blue.kill();
        green.kill();
        TurnoutProcess turnout = arena.start(settings);
        assertThat(turnout.admin().get("/admin/idle").expect(200).text().strip())
                .isEqualTo(green.address());
        assertThat(turnout.admin().get("/admin/active").expect(200).text().strip())
                .isEqualTo(blue.address());
    }

    @Test
    void force_switches_without_a_gate() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        green.probes(Effect.status(500, "no database"));
        turnout.admin().post("/admin/switch?to=green&force=true").expect(200);
        assertThat(ask(turnout).text()).isEqualTo("green");
    }

    private String assertRefusedWithoutATrace(TurnoutProcess turnout) throws IOException {
        byte[] stateBefore = state();
        Admin.Answer answer = turnout.admin().post("/admin/switch?to=green").expect(424);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.problem()).isEqualTo("unhealthy");
        assertThat(answer.json().getString("detail")).isNotBlank();
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(turnout.admin().revision()).isEqualTo(1);
        assertThat(state()).isEqualTo(stateBefore);
        assertThat(ask(turnout).text()).isEqualTo("blue");
        return answer.json().getString("detail");
    }

    private byte[] state() throws IOException {
        return Files.readAllBytes(settings.stateDirectory().resolve("state.json"));
    }

    private static String health(TurnoutProcess turnout, String slot) {
        return turnout.admin().target(slot).getString("health");
    }

    private static Response ask(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read();
        }
    }
}
