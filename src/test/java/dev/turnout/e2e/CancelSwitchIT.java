package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Load;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A switch can be cancelled until its flip, and not after")
final class CancelSwitchIT {

    private static final int ROUNDS = 60;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess start() {
        return arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.health.interval", "20ms"));
    }

    private static boolean isAtGate(Admin admin) {
        JsonObject switching = admin.status().getJsonObject("switching");
        return switching != null && "gate".equals(switching.getString("step"));
    }

    @Test
    @DisplayName("a cancelled switch has changed nothing, costs no request, and the next one can begin at once")
    void at_the_gate() {
        TurnoutProcess turnout = start();
        green.probes(Effect.status(503, "starting"));
        try (Load load =
                Load.on(turnout.front()).keepAlive(4, Duration.ofMillis(1)).start()) {
            CompletableFuture<Admin.Answer> asked = turnout.admin().postAsync("/admin/switch?by=minji");
            Await.until("it is at its gate", () -> isAtGate(turnout.admin()));
            int answered = green.probesAnswered();
            // The gate's probes, and those that go on all the time, in turns.
            Await.until("the gate has seen it", () -> green.probesAnswered() > answered + 10);

            JsonObject cancelled =
                    turnout.admin().delete("/admin/switch?by=jun").expect(200).json();
            green.probes(Effect.ok("up"));
            JsonObject receipt = turnout.admin().switchTo("green");

            assertThat(cancelled.getJsonObject("cancelled").getString("by")).isEqualTo("minji");
            assertThat(cancelled.getJsonObject("serving").getString("slot")).isEqualTo("blue");
            assertThat(asked).succeedsWithin(5, TimeUnit.SECONDS).satisfies(answer -> {
                assertThat(answer.expect(409).problem()).isEqualTo("cancelled");
                assertThat(answer.json().getString("cancelledBy")).startsWith("jun, 127.0.0.1");
                assertThat(answer.json()
                                .getJsonObject("gate")
                                .getJsonArray("targets")
                                .getJsonObject(0)
                                .getString("tally"))
                        .contains("503");
            });
            assertThat(receipt.getLong("revision")).isEqualTo(2);
            assertThat(load.failed()).isZero();
        }
        assertThat(turnout.log()).contains("was cancelled by jun");
    }

    @Test
    @DisplayName("cancelled and flipped at the same moment, only one of both holds")
    void at_any_moment() {
        TurnoutProcess turnout = start();
        Admin admin = turnout.admin();
        Random random = new Random(11);
        int cancelled = 0;
        int late = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String before = admin.active();
            CompletableFuture<Admin.Answer> asked = admin.postAsync("/admin/switch");
            Await.pause(Duration.ofMillis(random.nextInt(80)));

            Admin.Answer answer = admin.delete("/admin/switch");

            Admin.Answer switched = asked.orTimeout(30, TimeUnit.SECONDS).join();
            if (answer.status() == 200) {
                cancelled++;
                assertThat(switched.expect(409).problem()).isEqualTo("cancelled");
                assertThat(admin.active()).isEqualTo(before);
            } else {
                late++;
                assertThat(answer.expect(409).problem()).isIn("too-late", "nothing-to-cancel");
                assertThat(switched.expect(200).json().getString("from")).isEqualTo(before);
                assertThat(admin.active()).isNotEqualTo(before);
            }
        }
        assertThat(cancelled).isPositive();
        assertThat(late).isPositive();
    }
}
