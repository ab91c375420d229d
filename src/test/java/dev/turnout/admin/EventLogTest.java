package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of events")
final class EventLogTest {

    private final EventLog log = new EventLog("abc");

    private void add(int characters) {
        log.add(Optional.of("shop"), "step", new JsonObject().put("text", "x".repeat(characters)));
    }

    @Test
    void gives_each_event_its_number_as_id() {
        add(1);

        assertThat(log.event(1).orElseThrow().text())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("id: abc-1\nevent: step\ndata: {\"text\":\"x\"}\n\n");
        assertThat(log.event(2)).isEmpty();
    }

    @Test
    void goes_on_after_the_last_event_that_was_read() {
        add(1);
        add(1);

        assertThat(log.after("abc-1")).isEqualTo(OptionalLong.of(2));
        assertThat(log.after("abc-2")).isEqualTo(OptionalLong.of(3));
        assertThat(log.after("abc-0")).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void goes_on_nowhere_after_an_event_that_it_does_not_know() {
        add(1);

        for (String unknown : new String[] {"abc-2", "other-1", "", "abc", "abc-", "abc-x", "abc--5", "-1"}) {
            assertThat(log.after(unknown)).as(unknown).isEmpty();
        }
    }

    @Test
    void holds_2048_events_at_most() {
        for (int i = 0; i < 3_000; i++) {
            add(1);
        }

        assertThat(log.hasLost(3_000 - 2_048)).isTrue();
        assertThat(log.hasLost(3_001 - 2_048)).isFalse();
        assertThat(log.event(3_001 - 2_048)).isPresent();
        assertThat(log.event(3_000)).isPresent();
        assertThat(log.after("abc-" + (2_999 - 2_048))).isEmpty();
        assertThat(log.after("abc-" + (3_000 - 2_048))).isPresent();
    }

    @Test
    void holds_2_MiB_at_most() {
        for (int i = 0; i < 100; i++) {
            add(60 << 10);
        }

        long held = 0;
        for (int i = 1; i <= 100; i++) {
            held += log.event(i).map(event -> event.text().length).orElse(0);
        }
        assertThat(held).isBetween(2L << 19, 2L << 20);
        assertThat(log.event(100)).isPresent();
        assertThat(log.event(1)).isEmpty();
    }

    @Test
    void belongs_to_a_service_or_to_all_of_them() {
        log.add(Optional.empty(), "certificate", new JsonObject());
        add(1);

        assertThat(log.event(1).orElseThrow().isFor(Optional.of("blog"))).isTrue();
        assertThat(log.event(2).orElseThrow().isFor(Optional.of("blog"))).isFalse();
        assertThat(log.event(2).orElseThrow().isFor(Optional.of("shop"))).isTrue();
        assertThat(log.event(2).orElseThrow().isFor(Optional.empty())).isTrue();
    }
}
