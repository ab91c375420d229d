package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("What targets and clients send is bounded and visible wherever Turnout tells of it")
final class OutsideTextIT {

    private static final String FORGED =
            "x\r\n2026-11-26 00:00:00,000 INFO  [dev.turnout] (main) default: forged\u001b[2J\u009b1m\u202e\u2066\u007f";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess.Settings settings() {
        return TurnoutProcess.with().blue(blue).green(green);
    }

    private static void assertThatNothingIsHidden(String text) {
        assertThat(text.lines()).noneMatch(line -> line.startsWith("2026-11-26 00:00:00,000"));
        assertThat(text).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");
    }

    @Test
    void the_body_of_a_probe_forges_no_line_of_the_log_and_reaches_no_terminal() throws IOException {
        TurnoutProcess.Settings settings = settings().set("turnout.health.deadline", "500ms");
        TurnoutProcess turnout = arena.start(settings);
        green.probes(Effect.status(500, FORGED));
        Admin.Answer refused = turnout.admin().post("/admin/switch?to=green");

        assertThat(refused.status()).isEqualTo(424);
        assertThat(refused.text()).contains("forged");
        assertThatNothingIsHidden(refused.text());
        assertThatNothingIsHidden(turnout.admin().get("/admin/history").text());
        Await.until(
                "the probe", () -> turnout.admin().get("/admin/status").text().contains("forged"));
        assertThatNothingIsHidden(turnout.admin().get("/admin/status").text());
        assertThat(turnout.log()).contains("forged");
        assertThatNothingIsHidden(turnout.log());
        assertThatNothingIsHidden(Files.readString(settings.stateDirectory().resolve("journal.jsonl")));
    }

    @Test
    void many_long_requests_that_are_cut_are_counted_and_only_the_first_are_named() throws IOException {
        TurnoutProcess.Settings settings = settings().set("turnout.drain.timeout", "500ms");
        TurnoutProcess turnout = arena.start(settings);
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, Effect.ok("late")));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            RawClient client = turnout.connect();
            clients.add(client);
            client.get("/" + "a".repeat(15_000));
        }
        Await.until(
                "the requests",
                () -> turnout.admin().get("/admin/status").text().contains("\"inFlight\" : 150"));

        JsonObject receipt = turnout.admin().switchTo("green");
        word.countDown();

        JsonObject drain = receipt.getJsonObject("drain");
        assertThat(drain.getJsonArray("cut")).hasSize(100);
        assertThat(drain.getInteger("cutCount")).isEqualTo(150);
        assertThat(drain.getJsonArray("cut").getJsonObject(0).getString("path"))
                .hasSize(256)
                .endsWith("...(15001 characters)");
        assertThat(receipt.encodePrettily()).hasSizeLessThan(64 << 10);
        assertThat(turnout.log()).contains("cut 50 more requests");
        Path journal = settings.stateDirectory().resolve("journal.jsonl");
        assertThat(Files.readAllLines(journal)).hasSize(2).allSatisfy(line -> assertThat(line)
                .hasSizeLessThan(64 << 10));
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void event_streams_that_nobody_reads_hold_little_and_end() throws IOException {
        TurnoutProcess turnout = arena.start(settings().set("turnout.health.interval", "10ms"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            RawClient client = RawClient.to(turnout.adminAddress());
            clients.add(client);
            client.get("/admin/events");
        }
        for (int i = 0; i < 40; i++) {
            turnout.admin().switchTo(i % 2 == 0 ? "green" : "blue");
        }
        assertThat(turnout.isAlive()).isTrue();
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void a_journal_that_is_removed_while_Turnout_runs_is_made_again() throws IOException {
        TurnoutProcess.Settings settings = settings();
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().switchTo("green");
        Files.delete(settings.stateDirectory().resolve("journal.jsonl"));

        assertThat(turnout.admin().get("/admin/history").expect(200).json().getJsonArray("entries"))
                .isEmpty();
        turnout.admin().switchTo("blue");

        assertThat(turnout.admin().get("/admin/history").expect(200).json().getJsonArray("entries"))
                .hasSize(2);
        assertThat(turnout.log()).containsOnlyOnce("was removed while Turnout ran");
    }
}
