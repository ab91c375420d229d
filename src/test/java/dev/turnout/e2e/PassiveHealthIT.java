package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two targets in the active slot: which of them gets a request when one does not work, or has more to do. */
final class PassiveHealthIT {

    private static final int REQUESTS = 12;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private Backend a;
    private Backend b;
    private TurnoutProcess.Settings settings;

    @BeforeEach
    void twoTargets() {
        a = arena.application("a");
        b = arena.application("b");
        settings = TurnoutProcess.with().blue(a, b).green(arena.application("green"));
    }

    private static Response ask(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read();
        }
    }

    private static void askOften(TurnoutProcess turnout) throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(ask(turnout).status()).isEqualTo(200);
        }
    }

    private static JsonObject target(TurnoutProcess turnout, Backend backend) {
        return turnout.admin().status().getJsonObject("slots").getJsonObject("blue").getJsonArray("targets").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("target").equals(backend.address()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isSuspended(TurnoutProcess turnout, Backend backend) {
        return target(turnout, backend).getBoolean("suspended");
    }

    @Test
    void a_target_that_refuses_connections_is_out_of_the_choice_before_any_probe_has_seen_it() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.health.interval", "30s"));
        Await.until(
                "the first probe", () -> target(turnout, a).getString("health").equals("UP"));
        a.kill();

        askOften(turnout);

        assertThat(a.requests()).isZero();
        assertThat(b.requests()).isEqualTo(REQUESTS);
        assertThat(target(turnout, a).getLong("connectFailures")).isEqualTo(1);
        assertThat(isSuspended(turnout, a)).isTrue();
        assertThat(isSuspended(turnout, b)).isFalse();
    }

    @Test
    void it_is_no_change_of_the_routing_state() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        a.kill();

        askOften(turnout);

        assertThat(target(turnout, a).getBoolean("inRotation")).isTrue();
        assertThat(turnout.admin().revision()).isEqualTo(1);
    }

    @Test
    void a_good_probe_brings_it_back() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        a.kill();
        askOften(turnout);
        a.revive();

        Await.until("a in the choice again", () -> !isSuspended(turnout, a));
        askOften(turnout);
        assertThat(a.requests()).isPositive();
    }

    @Test
    void a_target_that_probes_find_down_gets_no_requests() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        a.probes(Effect.status(503, "no database"));
        Await.until("a out of the choice", () -> isSuspended(turnout, a));

        askOften(turnout);
        assertThat(a.requests()).isZero();

        a.probes(Effect.ok("up"));
        Await.until("a in the choice again", () -> !isSuspended(turnout, a));
        askOften(turnout);
        assertThat(a.requests()).isPositive();
    }

    @Test
    void when_every_target_is_down_all_of_them_are_tried_all_the_same() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        a.probes(Effect.status(503, "no database"));
        b.probes(Effect.status(503, "no database"));
        Await.until(
                "both DOWN",
                () -> target(turnout, a).getString("health").equals("DOWN")
                        && target(turnout, b).getString("health").equals("DOWN"));

        askOften(turnout);

        assertThat(a.requests()).isPositive();
        assertThat(b.requests()).isPositive();
        assertThat(isSuspended(turnout, a)).isFalse();
    }

    @Test
    void a_target_that_comes_back_where_none_works_serves_without_a_probe() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.health.interval", "30s"));
        a.kill();
        b.kill();
        for (int i = 0; i < REQUESTS; i++) {
            Response response = ask(turnout);
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.fields().only("X-Turnout")).contains("connect-failed");
        }
        b.revive();

        askOften(turnout);
        assertThat(b.requests()).isEqualTo(REQUESTS);
        assertThat(isSuspended(turnout, b)).isFalse();
    }

    @Test
    void the_only_target_is_never_out_of_the_choice() throws IOException {
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(a).green(b).set("turnout.health.interval", "30s"));
        a.kill();
        assertThat(ask(turnout).status()).isEqualTo(502);
        a.revive();

        assertThat(ask(turnout).text()).isEqualTo("a");
        assertThat(b.requests()).isZero();
    }

    @Test
    void least_in_flight_leaves_a_busy_target_alone() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.balance", "least-in-flight"));
        CountDownLatch word = new CountDownLatch(1);
        a.next(Effect.heldUntil(word, Effect.ok("late")));
        b.next(Effect.heldUntil(word, Effect.ok("late")));
        try (RawClient waiting = turnout.connect()) {
            waiting.get("/");
            Await.until("a request at one of them", () -> a.requests() + b.requests() == 1);
            Backend idle = a.requests() == 1 ? b : a;
            Backend busy = a.requests() == 1 ? a : b;
            idle.forget();

            for (int i = 0; i < REQUESTS; i++) {
                assertThat(ask(turnout).status()).isEqualTo(200);
                // A client has its answer a moment before the request is no longer counted.
                Await.until("none in flight", () -> target(turnout, idle).getLong("inFlight") == 0);
            }

            assertThat(idle.requests()).isEqualTo(REQUESTS);
            assertThat(busy.requests()).isEqualTo(1);
            word.countDown();
            assertThat(waiting.read().text()).isEqualTo("late");
        }
    }
}
