package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Load;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F13")
@DisplayName("A new version is warm before its first client comes")
final class WarmUpIT {

    private static final int COUNT = 30;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @Test
    @DisplayName("it has done its slow first work, and is connected to, before its first client comes")
    void under_load_every_warm_up_request_comes_before_the_first_client() {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.warmup.paths", "/,/slow?1")
                .set("turnout.warmup.count", String.valueOf(COUNT)));
        JsonObject receipt;
        try (Load load =
                Load.on(turnout.front()).keepAlive(8, Duration.ofMillis(1)).start()) {
            Await.until("clients", () -> load.requests() > 100);
            receipt = turnout.admin().switchTo("green");
            long before = load.requests();
            Await.until("more clients", () -> load.requests() > before + 100);
            assertThat(load.failed()).isZero();
        }
        JsonObject warmUp = receipt.getJsonObject("warmup");

        assertThat(warmUp.getInteger("requests")).isEqualTo(2 * COUNT);
        assertThat(warmUp.getInteger("failures")).isZero();
        assertThat(warmUp.getJsonObject("p95Millis").getDouble("last")).isPositive();
        assertThat(warmUp.getInteger("connections")).isPositive();
        List<Boolean> isWarmUp = green.arrivals().stream()
                .map(arrival ->
                        arrival.head().fields().only("User-Agent").orElse("").equals("turnout-warm-up"))
                .toList();
        assertThat(isWarmUp.subList(0, 2 * COUNT)).containsOnly(true);
        assertThat(isWarmUp.subList(2 * COUNT, isWarmUp.size()))
                .containsOnly(false)
                .isNotEmpty();
    }

    @Test
    @DisplayName("without paths only connections are opened ahead, and the receipt says so")
    void by_default_nothing_is_asked_for() {
        TurnoutProcess turnout = arena.start(blue, green);

        JsonObject warmUp = turnout.admin().switchTo("green").getJsonObject("warmup");

        assertThat(warmUp.getInteger("requests")).isZero();
        assertThat(warmUp.getInteger("connections")).isPositive();
        assertThat(green.requests()).isZero();
    }

    @Test
    @DisplayName("a path that fails refuses the flip where the warm-up is required")
    void a_required_warm_up_that_fails_is_424_and_nothing_has_changed() {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.warmup.paths", "/")
                .set("turnout.warmup.required", "true"));
        green.always(Effect.status(500, "cache is broken"));

        Admin.Answer refused = turnout.admin().post("/admin/switch").expect(424);

        assertThat(refused.problem()).isEqualTo("not-warm");
        assertThat(refused.json().getString("detail")).contains("GET / failed at " + green.address());
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }
}
