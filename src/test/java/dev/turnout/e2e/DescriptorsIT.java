package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("File descriptors")
@Tag("alone")
final class DescriptorsIT {

    private static final int MANY = 200;

    /** More than 300 descriptors carry, and less than twice as many. */
    private static final int FULL = 60;

    /** Fewer than the program has open before its first client: an executable has some thirty, a JVM twice as many. */
    private static final int TOO_FEW_FOR_ANYTHING = 10;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final TurnoutProcess.Settings settings =
            TurnoutProcess.with().blue(blue).green(arena.application("green")).set("turnout.health.interval", "30s");

    @Test
    void clients_that_they_carry_are_all_served_at_once_and_further_ones_when_these_have_gone() throws Exception {
        TurnoutProcess turnout = arena.start(settings.openFiles(300));
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, new Effect.Application("all at once")));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                clients.add(turnout.connect().get("/"));
            }
            Await.until(
                    "a warning", () -> turnout.admin().status().encode().contains("turnout.limits.connections=20000"));
            Await.until(
                    "all that were accepted at blue",
                    () -> turnout.admin().target("blue").getLong("inFlight") == blue.requests() && blue.requests() > 8);
            word.countDown();
            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
        } finally {
            word.countDown();
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertThat(turnout.log().split("as many as the limit of", -1)).hasSize(2);
    }

    @Test
    void clients_that_have_been_idle_for_long_make_room_for_those_that_wait() throws Exception {
        TurnoutProcess turnout = arena.start(settings.openFiles(300));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < FULL; i++) {
                clients.add(turnout.connect());
            }
            try (RawClient late = turnout.connect()) {
                assertThat(late.get("/").read().text()).isEqualTo("blue");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void without_any_left_targets_keep_their_health() {
        TurnoutProcess turnout = arena.start(settings.set("turnout.health.interval", "100ms"));
        Await.until(
                "blue is up",
                () -> turnout.admin().target("blue").getString("health").equals("UP"));
        String since = turnout.admin().target("blue").getString("since");

        turnout.limitOpenFiles(TOO_FEW_FOR_ANYTHING);
        Await.until("a probe finds none", () -> turnout.log().contains("was not asked: no file descriptor is left"));
        int answered = blue.probesAnswered();
        Await.pause(Duration.ofSeconds(2));
        turnout.limitOpenFiles(1000);
        // One probe may have been on its way.
        assertThat(blue.probesAnswered()).isLessThanOrEqualTo(answered + 1);

        Await.until("blue is probed again", () -> blue.probesAnswered() > answered + 2);
        assertThat(turnout.admin().target("blue").getString("health")).isEqualTo("UP");
        assertThat(turnout.admin().target("blue").getString("since")).isEqualTo(since);
    }

    @Test
    void without_any_left_requests_are_answered_clients_wait_and_all_recovers_by_itself() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient first = turnout.connect();
                RawClient second = turnout.connect()) {
            assertThat(first.get("/").read().status()).isEqualTo(200);
            blue.always(Effect.heldUntil(word, new Effect.Application("late")));
            first.get("/held");
            Await.until(
                    "the request at blue", () -> turnout.admin().target("blue").getLong("inFlight") == 1);

            turnout.limitOpenFiles(TOO_FEW_FOR_ANYTHING);
            Response refused = second.get("/needs-a-connection").read();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields().only("X-Turnout")).contains("no-descriptors");
            assertThat(turnout.admin().target("blue").getLong("connectFailures"))
                    .isZero();
            assertThat(turnout.admin().target("blue").getLong("failures")).isZero();
            assertThat(turnout.admin().status().getJsonArray("warnings").encode())
                    .contains("No file descriptor");
            try (RawClient third = turnout.connect()) {
                third.get("/waits");
                assertThat(third.hasMoreWithin(Duration.ofSeconds(3))).isFalse();

                turnout.limitOpenFiles(1000);
                word.countDown();
                assertThat(third.read().text()).isEqualTo("late");
                assertThat(first.read().text()).isEqualTo("late");
            }
            Await.until(
                    "no warning",
                    () -> turnout.admin().status().getJsonArray("warnings").isEmpty());
        } finally {
            word.countDown();
        }
        assertThat(turnout.log().split("No file descriptor is left", -1)).hasSize(2);
        assertThat(turnout.log()).contains("File descriptors are free again").doesNotContain("An exceptionCaught()");
        assertThat(turnout.admin().target("blue").getLong("inFlight")).isZero();
    }
}
