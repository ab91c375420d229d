package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F16")
@DisplayName("A new version is judged by its traffic")
final class WatchIT {

    private static final int CLIENTS = 24;
    private static final Duration PAUSE = Duration.ofMillis(10);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private TurnoutProcess turnout;

    private void start(String... settings) {
        TurnoutProcess.Settings setup = TurnoutProcess.with().blue(blue).green(green);
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            setup.set(parts[0], parts[1]);
        }
        turnout = arena.start(setup);
    }

    private Load load() {
        Load load = Load.on(turnout.front()).keepAlive(CLIENTS, PAUSE).start();
        Await.until("traffic to judge by", () -> turnout.admin().target("blue").getLong("requests") > 300);
        return load;
    }

    private List<String> verdicts() {
        JsonArray entries =
                turnout.admin().get("/admin/history").expect(200).json().getJsonArray("entries");
        return entries.stream()
                .map(entry -> ((JsonObject) entry).getString("verdict"))
                .toList();
    }

    @Test
    @DisplayName("one that serves as well as the old one stays, and only then the old one is drained")
    void a_good_version_stays() {
        start();
        JsonObject receipt;
        try (Load load = load()) {
            receipt = turnout.admin().post("/admin/switch?watch=2s").expect(200).json();
            assertThat(load.failed()).isZero();
        }
        JsonObject watch = receipt.getJsonObject("watch");

        assertThat(watch.getString("verdict")).isEqualTo("better-or-same");
        assertThat(watch.getLong("tookMillis")).isBetween(2_000L, 10_000L);
        assertThat(watch.getBoolean("flippedBack")).isFalse();
        assertThat(watch.getJsonObject("before").getString("slot")).isEqualTo("blue");
        assertThat(watch.getJsonObject("before").getLong("requests")).isGreaterThanOrEqualTo(300);
        assertThat(watch.getJsonObject("after").getLong("requests")).isGreaterThanOrEqualTo(100);
        assertThat(watch.getJsonObject("after").getLong("errors")).isZero();
        assertThat(watch.getJsonObject("after").getDouble("p99Millis")).isPositive();
        assertThat(receipt.getBoolean("changed")).isTrue();
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    @DisplayName("one that fails is taken back long before the time is over, and the answer says that it was")
    void a_bad_version_is_switched_back() {
        start();
        green.always(Effect.status(500, "broken"));
        Admin.Answer answer;
        try (Load load = load()) {
            answer = turnout.admin().post("/admin/switch?watch=60s").expect(424);
            load.stop();
        }
        JsonObject receipt = answer.json().getJsonObject("receipt");
        JsonObject watch = receipt.getJsonObject("watch");

        assertThat(answer.problem()).isEqualTo("unhealthy");
        assertThat(answer.json().getString("detail")).contains("green", "is worse", "blue", "serves again");
        assertThat(watch.getString("verdict")).isEqualTo("worse");
        assertThat(watch.getBoolean("flippedBack")).isTrue();
        assertThat(watch.getLong("tookMillis")).isLessThan(30_000);
        assertThat(receipt.getBoolean("changed")).isFalse();
        assertThat(receipt.getString("to")).isEqualTo("blue");
        assertThat(receipt.getLong("revision")).isEqualTo(3);
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(turnout.admin().status().getString("why")).startsWith("switched back: slot green was worse");
        assertThat(verdicts()).containsExactly("drained", "switched-back", "switched");
        // A rollback must not bring the bad version back.
        assertThat(turnout.admin().post("/admin/rollback").expect(409).problem())
                .isEqualTo("nothing-to-roll-back");
    }

    @Test
    @DisplayName("one that has become slow is taken back at the end")
    void a_slow_version_is_switched_back() {
        start();
        green.always(new Effect.Slow(Duration.ofMillis(600), Effect.ok("slow")));
        Admin.Answer answer;
        try (Load load = load()) {
            answer = turnout.admin().post("/admin/switch?watch=12s").expect(424);
            load.stop();
        }

        assertThat(answer.json().getString("detail")).contains("slower");
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }

    @Test
    @DisplayName("one that answers nobody is taken back, whether its clients give up or wait")
    void a_version_that_hangs_is_switched_back() {
        start();
        green.always(new Effect.Slow(Duration.ofSeconds(30), Effect.ok("late")));
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> impatient = new ArrayList<>();
        Admin.Answer answer;
        try (Load load = load()) {
            for (int i = 0; i < 40; i++) {
                Thread client = new Thread(() -> giveUpAgainAndAgain(stop));
                impatient.add(client);
                client.start();
            }
            answer = turnout.admin().post("/admin/switch?watch=8s");
            stop.set(true);
            for (Thread client : impatient) {
                join(client);
            }
            turnout.kill9();
            load.stop();
        }

        assertThat(answer.expect(424).json().getString("detail"))
                .contains("is worse than slot blue", "Slot blue serves again");
    }

    /** As people are who reload a page that does not come. */
    private void giveUpAgainAndAgain(AtomicBoolean stop) {
        while (!stop.get()) {
            try (RawClient client = turnout.connect()) {
                client.get("/");
                Thread.sleep(500);
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("by three requests nothing is judged: it stays, and says so")
    void too_little_traffic_is_inconclusive() throws IOException {
        start();
        green.always(Effect.status(500, "broken"));
        CompletableFuture<Admin.Answer> switching =
                CompletableFuture.supplyAsync(() -> turnout.admin().post("/admin/switch?watch=2s"));
        Await.until("the flip", () -> turnout.admin().active().equals("green"));
        try (RawClient client = turnout.connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/").read().status()).isEqualTo(500);
            }
        }
        JsonObject watch = switching.join().expect(200).json().getJsonObject("watch");

        assertThat(watch.getString("verdict")).isEqualTo("inconclusive");
        assertThat(watch.getString("reason")).contains("3 requests");
        assertThat(turnout.admin().active()).isEqualTo("green");
    }

    @Test
    @DisplayName("the old version's requests go on for as long as the watch does, and status says what it is at")
    void the_old_slot_is_not_drained_before_the_end() throws IOException {
        start("turnout.drain.timeout=200ms");
        try (RawClient client = turnout.connect()) {
            client.get("/slow?1500");
            Await.until("a slow request", () -> blue.requests() > 0);
            CompletableFuture<Admin.Answer> switching =
                    CompletableFuture.supplyAsync(() -> turnout.admin().post("/admin/switch?watch=3s"));
            Await.until("the watch", () -> {
                JsonObject now = turnout.admin().status().getJsonObject("switching");
                return now != null && now.getString("step").equals("watch");
            });
            assertThat(turnout.admin().post("/admin/switch").expect(409).problem())
                    .isEqualTo("busy");
            assertThat(client.read().status()).isEqualTo(200);
            JsonObject drain = switching.join().expect(200).json().getJsonObject("drain");
            assertThat(drain.getJsonArray("cut")).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "who sees it before the watch does may take it back at once: no request fails, both calls say what serves")
    void a_rollback_ends_the_watch() {
        start();
        Admin.Answer answer;
        try (Load load = load()) {
            CompletableFuture<Admin.Answer> switching =
                    CompletableFuture.supplyAsync(() -> turnout.admin().post("/admin/switch?watch=60s"));
            Await.until(
                    "traffic at green", () -> turnout.admin().target("green").getLong("requests") > 100);
            JsonObject receipt =
                    turnout.admin().post("/admin/rollback").expect(200).json();
            assertThat(receipt.getString("to")).isEqualTo("blue");
            assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
            answer = switching.join().expect(424);
            load.stop();
            assertThat(load.failed()).isZero();
        }

        assertThat(answer.problem()).isEqualTo("unhealthy");
        assertThat(answer.json().getString("detail")).contains("Slot blue serves again", "took the switch back");
        assertThat(turnout.admin().active()).isEqualTo("blue");
        assertThat(verdicts()).containsExactly("taken-back", "drained", "switched", "switched");
    }

    @Test
    @DisplayName("asked for at once, the answer doesn't wait for the verdict; the journal has it")
    void an_early_answer_leaves_the_verdict_to_the_journal() {
        start();
        green.always(Effect.status(503, "broken"));
        try (Load load = load()) {
            JsonObject receipt = turnout.admin()
                    .post("/admin/switch?watch=60s&wait=switched")
                    .expect(200)
                    .json();
            assertThat(receipt.getValue("watch")).isNull();
            assertThat(receipt.getJsonArray("warnings").encode()).contains("/admin/history");
            Await.until("the way back", () -> verdicts().contains("switched-back"));
            load.stop();
        }
        assertThat(turnout.admin().active()).isEqualTo("blue");
    }

    @Test
    @DisplayName("a time that is none, or too long, is refused")
    void bad_times_are_400() {
        start();
        for (String bad : List.of("", "x", "-5s", "0", "500ms", "11m", "30s30")) {
            assertThat(turnout.admin()
                            .post("/admin/switch?watch=" + bad)
                            .expect(400)
                            .problem())
                    .isEqualTo("bad-request");
        }
        assertThat(turnout.admin().post("/admin/rollback?watch=5s").expect(400).problem())
                .isEqualTo("bad-request");
        assertThat(turnout.admin().revision()).isEqualTo(1);
    }
}
