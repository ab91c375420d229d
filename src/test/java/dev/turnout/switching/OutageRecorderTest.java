package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.log.OutageEvent;
import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import dev.turnout.log.TargetView;
import dev.turnout.log.TargetView.Condition;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.store.Journal;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutageRecorderTest {

    private static final Instant START = Instant.parse("2026-11-26T03:00:00Z");
    private static final TargetView SERVES = view(Slot.BLUE, true);
    private static final TargetView IDLE = view(Slot.GREEN, false);

    @TempDir
    private Path folder;

    private final List<ChangeEvent> events = new ArrayList<>();
    private Journal journal;
    private OutageRecorder recorder;

    private static TargetView view(Slot slot, boolean serves) {
        return new TargetView(new Target("127.0.0.1", 8080), slot, serves, Condition.DOWN, 3, "connection refused");
    }

    @BeforeEach
    void open() {
        Announcer announcer = new Announcer();
        announcer.listen(events::add);
        journal = new Journal(folder).open();
        recorder = new OutageRecorder(journal, announcer);
    }

    private void record(OutageEvent... found) {
        recorder.record(List.of(found));
    }

    /** Returns the entries, the oldest first. */
    private List<JsonObject> entries() {
        List<JsonObject> entries = new ArrayList<>(journal.recent("shop", 1_000).entries());
        Collections.reverse(entries);
        return entries;
    }

    @Test
    void the_outage_of_a_target_has_a_reason_at_its_beginning_and_a_duration_at_its_end() {
        record(new TargetDown("shop", START, SERVES));
        record(new TargetBack("shop", START.plusSeconds(34), SERVES, true, Duration.ofSeconds(34)));

        assertThat(entries())
                .containsExactly(
                        new JsonObject()
                                .put("at", "2026-11-26T03:00:00Z")
                                .put("service", "shop")
                                .put("who", "Turnout itself")
                                .put("what", "127.0.0.1:8080 is down")
                                .put("target", "127.0.0.1:8080")
                                .put("slot", "blue")
                                .put("verdict", "outage-began")
                                .put("reason", "after 3 probes: connection refused"),
                        new JsonObject()
                                .put("at", "2026-11-26T03:00:34Z")
                                .put("service", "shop")
                                .put("who", "Turnout itself")
                                .put("what", "127.0.0.1:8080 is up again")
                                .put("target", "127.0.0.1:8080")
                                .put("slot", "blue")
                                .put("verdict", "outage-ended")
                                .put("durationMillis", 34_000));
        assertThat(events).extracting(ChangeEvent::kind).containsExactly("outage", "outage");
    }

    @Test
    void a_service_with_nobody_is_one_outage_and_not_one_for_its_last_target_too() {
        record(new TargetDown("shop", START, SERVES), new NobodyLeft("shop", START, List.of(SERVES)));
        record(
                new TargetBack("shop", START, SERVES, true, Duration.ofSeconds(1)),
                new ServedAgain("shop", START, true, Duration.ofSeconds(1)));

        assertThat(entries())
                .extracting(entry -> entry.getString("verdict") + ": " + entry.getString("what"))
                .containsExactly("outage-began: no target is up", "outage-ended: a target is up again");
    }

    @Test
    void an_outage_that_ends_with_its_service_has_a_mark() {
        lose(0);
        record(new ServedAgain("shop", START, false, Duration.ofSeconds(1)));

        assertThat(entries().get(1).getBoolean("served")).isFalse();
    }

    @Test
    void a_target_that_does_not_serve_is_no_outage() {
        record(new TargetDown("shop", START, IDLE));
        record(new TargetBack("shop", START, IDLE, true, Duration.ofSeconds(1)));

        assertThat(entries()).isEmpty();
    }

    @Test
    void a_target_that_flaps_does_not_fill_the_journal_and_the_next_entry_counts_what_was_left_out() {
        for (int i = 0; i < 100; i++) {
            record(new TargetDown("shop", START.plusSeconds(i), SERVES));
            record(new TargetBack("shop", START.plusSeconds(i), SERVES, true, Duration.ofMillis(500)));
        }
        assertThat(entries()).hasSize(20);
        assertThat(entries().get(19).getString("verdict")).isEqualTo("outage-ended");

        record(new TargetDown("shop", START.plusSeconds(600), SERVES));
        assertThat(entries()).hasSize(21);
        assertThat(entries().get(20).getLong("leftOut")).isEqualTo(90);
    }

    private void lose(int seconds) {
        record(new NobodyLeft("shop", START.plusSeconds(seconds), List.of(SERVES)));
    }

    private void serve(int seconds) {
        record(new ServedAgain("shop", START.plusSeconds(seconds), true, Duration.ofMillis(500)));
    }

    @Test
    void the_outage_of_a_service_is_told_however_often_its_targets_flap() {
        for (int i = 0; i < 10; i++) {
            record(new TargetDown("shop", START.plusSeconds(i), SERVES));
            record(new TargetBack("shop", START.plusSeconds(i), SERVES, true, Duration.ofMillis(500)));
        }

        lose(20);

        assertThat(events).hasSize(21);
        assertThat(events.get(20).detail().getString("what")).isEqualTo("no target is up");
    }

    @Test
    void a_service_that_flaps_and_stays_down_is_told_as_down_at_the_end_of_the_period() {
        for (int i = 0; i < 12; i++) {
            lose(i);
            serve(i);
        }
        lose(20);
        recorder.recordLasting(START.plusSeconds(599));
        assertThat(events).hasSize(20);

        recorder.recordLasting(START.plusSeconds(600));
        recorder.recordLasting(START.plusSeconds(610));

        assertThat(events).hasSize(21);
        JsonObject last = events.get(20).detail();
        assertThat(last.getString("verdict")).isEqualTo("outage-began");
        assertThat(last.getString("at")).isEqualTo("2026-11-26T03:00:20Z");
        assertThat(last.getLong("leftOut")).isEqualTo(2);
        serve(620);
        assertThat(entries().get(21).getString("verdict")).isEqualTo("outage-ended");
    }
}
