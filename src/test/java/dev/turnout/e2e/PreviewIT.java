package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A preview waits as all others do during a pause, and never arrives where a receipt said drained")
final class PreviewIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private TurnoutProcess turnout;

    @BeforeEach
    void start() {
        blue = arena.application("blue");
        green = arena.application("green");
        turnout = arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.preview", "true"));
    }

    private static String asking(String method, String slot) {
        return method + " / HTTP/1.1\r\nHost: app.example\r\nX-Turnout-Slot: " + slot + "\r\n\r\n";
    }

    private Response preview(String slot) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send(asking("GET", slot)).read();
        }
    }

    private static void assertDrained(Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.fields().only("X-Turnout")).contains("drained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blue", "green"})
    void a_pause_holds_a_preview_which_then_goes_to_the_slot_that_it_asked_for(String slot) throws IOException {
        assertThat(turnout.admin()
                        .post("/admin/pause?wait=drained")
                        .expect(200)
                        .json()
                        .getBoolean("drained"))
                .isTrue();
        try (RawClient client = turnout.connect()) {
            client.send(asking("POST", slot));
            Await.until("the preview waits", () -> turnout.admin().status().getLong("held") == 1);
            assertThat(blue.requests() + green.requests()).isZero();
            turnout.admin().post("/admin/resume").expect(200);
            assertThat(client.read().text()).isEqualTo(slot);
        }
    }

    @Test
    void a_preview_of_a_slot_that_was_drained_during_the_pause_is_refused_at_the_end() throws IOException {
        turnout.admin().post("/admin/pause?wait=drained").expect(200);
        try (RawClient client = turnout.connect()) {
            client.send(asking("GET", "blue"));
            Await.until("the preview waits", () -> turnout.admin().status().getLong("held") == 1);
            turnout.admin().switchTo("green");
            turnout.admin().post("/admin/resume").expect(200);
            assertDrained(client.read());
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    void no_preview_arrives_at_a_slot_that_a_switch_has_drained() throws IOException {
        turnout.admin().switchTo("green");
        assertDrained(preview("blue"));
        assertThat(preview("green").text()).isEqualTo("green");
        assertThat(blue.requests()).isZero();
    }

    @Test
    void no_preview_arrives_at_a_slot_that_a_canary_has_left() throws IOException {
        turnout.admin().post("/admin/canary?weight=50").expect(200);
        assertThat(preview("green").text()).isEqualTo("green");
        turnout.admin().delete("/admin/canary").expect(200);
        assertDrained(preview("green"));
    }

    @Test
    void a_drain_waits_for_the_preview_that_came_before_it() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        green.next(Effect.heldUntil(word, Effect.ok("seen")));
        try (RawClient client = turnout.connect()) {
            client.send(asking("GET", "green"));
            Await.until("the preview has arrived", () -> green.requests() == 1);
            turnout.admin().post("/admin/canary?weight=10").expect(200);
            var left = turnout.admin().deleteAsync("/admin/canary");
            Await.until("the drain", () -> refused("green"));
            assertThat(left).isNotDone();
            word.countDown();
            assertThat(client.read().text()).isEqualTo("seen");
            assertThat(left.get().expect(200).json().getJsonObject("drain").getBoolean("drained"))
                    .isTrue();
        }
    }

    private boolean refused(String slot) {
        try {
            return preview(slot).status() == 503;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_new_version_can_be_looked_at_once_it_was_seen_to_come_up() throws IOException {
        turnout.admin().switchTo("green");
        assertDrained(preview("blue"));
        blue.kill();
        Await.until(
                "the old version is gone",
                () -> turnout.admin().target("blue").getString("health").equalsIgnoreCase("down"));
        assertDrained(preview("blue"));
        blue.revive();
        Await.until("the new version can be looked at", () -> !refused("blue"));
        assertThat(preview("blue").text()).isEqualTo("blue");
    }

    @Test
    void a_dry_run_that_passes_opens_a_slot_to_previews() throws IOException {
        turnout.admin().switchTo("green");
        assertDrained(preview("blue"));
        turnout.admin().post("/admin/switch?to=blue&dry-run=true").expect(200);
        assertThat(preview("blue").text()).isEqualTo("blue");
    }

    @Test
    void a_preview_goes_to_the_target_of_its_slot_that_was_not_taken_out() throws IOException {
        Backend second = arena.application("second");
        TurnoutProcess two = arena.start(
                TurnoutProcess.with().blue(blue, second).green(green).set("turnout.preview", "true"));
        two.admin().post("/admin/targets/" + blue.address() + "/drain").expect(200);
        for (int i = 0; i < 4; i++) {
            try (RawClient client = two.connect()) {
                assertThat(client.send(asking("GET", "blue")).read().text()).isEqualTo("second");
            }
        }
        assertThat(blue.requests()).isZero();
    }
}
