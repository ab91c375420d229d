package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A flip under load: nobody notices, and after the receipt the old slot is left alone")
@Tag("jars")
final class BlueGreenIT {

    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final TurnoutProcess turnout = arena.start(TurnoutProcess.with()
            .blue(blue)
            .green(green)
            .set("turnout.health.interval", "10ms")
            .set("turnout.health.rise", "1")
            .set("turnout.health.deadline", "2s"));
    private final Admin admin = turnout.admin();

    @Test
    @Guards("F1")
    @DisplayName("Flips under every kind of load fail no request")
    void flips_under_every_kind_of_load() {
        Load load = Load.on(turnout.front())
                .keepAlive(32, Duration.ofMillis(5))
                .fresh(2, Duration.ofMillis(20))
                .slow(2, Duration.ofSeconds(1), Duration.ofSeconds(2))
                .slow(1, Duration.ofSeconds(3), Duration.ofSeconds(9))
                .uploads(1, TEN_MEGABYTES)
                .downloads(1, TEN_MEGABYTES)
                .start();
        try (load) {
            flipAndWatchTheOldSlot(Rounds.of(50, 100), 50, load);
        }
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    @Guards("F1")
    @DisplayName("Many flips under light load fail no request")
    void many_flips_under_light_load() {
        Load load = Load.on(turnout.front())
                .keepAlive(8, Duration.ofMillis(1))
                .fresh(1, Duration.ofMillis(5))
                .start();
        try (load) {
            flipAndWatchTheOldSlot(Rounds.of(300, 1_000), 8, load);
        }
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    @Guards("F19")
    @DisplayName("The old process may be killed at the receipt: it has no request any more")
    void the_old_slot_may_die_at_the_receipt() {
        Load load = Load.on(turnout.front())
                .keepAlive(8, Duration.ofMillis(1))
                .slow(2, Duration.ofMillis(50), Duration.ZERO)
                .downloads(1, TEN_MEGABYTES)
                .start();
        try (load) {
            Backend active = blue;
            int rounds = Rounds.of(20, 50);
            for (int i = 0; i < rounds; i++) {
                Backend old = active;
                active = old == blue ? green : blue;
                assertDrained(admin.switchTo(active == blue ? "blue" : "green"));
                old.kill();
                awaitMore(load, 20);
                old.revive();
            }
        }
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    @Guards("F2")
    @DisplayName("New requests are served while the old slot drains")
    void while_the_old_slot_drains_new_requests_are_served_by_the_new_one() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("blue, at last")));
        try (RawClient held = turnout.connect();
                RawClient other = turnout.connect()) {
            held.get("/long");
            Await.until("the long request at blue", () -> blue.requests() == 1);
            CompletableFuture<Admin.Answer> receipt = admin.postAsync("/admin/switch?to=green");
            Await.until("green to serve", () -> admin.active().equals("green"));
            for (int i = 0; i < 200; i++) {
                assertThat(other.get("/short").read().text()).isEqualTo("green");
            }
            assertThat(receipt).as("the receipt, while a request is in flight").isNotDone();
            assertThat(admin.target("blue").getLong("inFlight")).isEqualTo(1);
            word.countDown();
            assertThat(held.read().text()).isEqualTo("blue, at last");
            JsonObject json = receipt.get().expect(200).json();
            assertDrained(json);
            assertThat(json.getJsonObject("drain").getLong("completed")).isEqualTo(1);
        }
    }

    @Test
    void a_receipt_says_what_happened() {
        JsonObject receipt = admin.switchTo("green");
        assertThat(receipt.getString("service")).isEqualTo("default");
        assertThat(receipt.getBoolean("changed")).isTrue();
        assertThat(receipt.getString("from")).isEqualTo("blue");
        assertThat(receipt.getString("to")).isEqualTo("green");
        assertThat(receipt.getLong("revision")).isEqualTo(admin.revision());
        assertThat(receipt.getString("startedAt")).isLessThanOrEqualTo(receipt.getString("switchedAt"));
        assertThat(receipt.getString("switchedAt")).isLessThanOrEqualTo(receipt.getString("finishedAt"));
        assertDrained(receipt);
    }

    @Test
    void to_the_active_slot_nothing_changes() {
        JsonObject receipt = admin.switchTo("blue");
        assertThat(receipt.getBoolean("changed")).isFalse();
        assertThat(receipt.getLong("revision")).isEqualTo(1);
    }

    @Test
    void a_rollback_goes_back_to_the_slot_that_was_active_before() throws IOException {
        assertThat(admin.post("/admin/rollback").expect(409).problem()).isEqualTo("nothing-to-roll-back");
        admin.switchTo("green");
        assertThat(admin.post("/admin/rollback").expect(200).json().getString("to"))
                .isEqualTo("blue");
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("blue");
        }
    }

    @Test
    void a_dry_run_asks_the_gate_and_changes_nothing() {
        JsonObject receipt =
                admin.post("/admin/switch?to=green&dry-run=true").expect(200).json();
        assertThat(receipt.getBoolean("changed")).isFalse();
        assertThat(admin.active()).isEqualTo("blue");
        green.kill();
        admin.post("/admin/switch?to=green&dry-run=true").expect(424);
    }

    private void flipAndWatchTheOldSlot(int flips, int requestsBetween, Load load) {
        awaitMore(load, requestsBetween);
        Backend active = blue;
        for (int flip = 0; flip < flips; flip++) {
            Backend old = active;
            active = old == blue ? green : blue;
            JsonObject receipt = admin.switchTo(active == blue ? "blue" : "green");
            long atReceipt = old.requests();
            assertDrained(receipt);
            awaitMore(load, requestsBetween);
            assertThat(old.requests())
                    .as("requests at the old slot after receipt " + flip)
                    .isEqualTo(atReceipt);
        }
    }

    private static void assertDrained(JsonObject receipt) {
        assertThat(receipt.getBoolean("changed")).isTrue();
        assertThat(receipt.getJsonObject("drain").getBoolean("drained"))
                .as(receipt.encode())
                .isTrue();
        assertThat(receipt.getJsonObject("drain").getJsonArray("cut")).isEmpty();
    }

    private static void awaitMore(Load load, int requests) {
        long enough = load.requests() + requests;
        Await.until("more requests", () -> load.requests() >= enough);
    }
}
