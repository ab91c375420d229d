package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import dev.turnout.log.TargetView.Condition;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OutagesTest {

    private static final Instant START = Instant.parse("2026-11-26T03:00:00Z");

    private long nanos;
    private final Outages outages = new Outages(() -> nanos);
    private Instant now = START;

    private static TargetView target(int port, Slot slot, boolean serves, Condition condition) {
        return new TargetView(
                new Target("127.0.0.1", port),
                slot,
                serves,
                condition,
                condition == Condition.DOWN ? 3 : 0,
                condition == Condition.DOWN ? "connection refused" : "");
    }

    private List<OutageEvent> look(TargetView... targets) {
        return outages.look("shop", List.of(targets), now);
    }

    @Test
    void a_target_that_serves_goes_down_once() {
        TargetView other = target(2, Slot.BLUE, true, Condition.UP);
        look(target(1, Slot.BLUE, true, Condition.UP), other);

        List<OutageEvent> events = look(target(1, Slot.BLUE, true, Condition.DOWN), other);
        assertThat(events).singleElement().isInstanceOfSatisfying(TargetDown.class, down -> {
            assertThat(down.reason()).isEqualTo("after 3 probes: connection refused");
            assertThat(down.target()).hasToString("127.0.0.1:1 (blue, serves)");
        });
        assertThat(look(target(1, Slot.BLUE, true, Condition.DOWN), other)).isEmpty();
    }

    @Test
    void a_service_has_nobody_once_its_last_serving_target_is_down() {
        look(target(1, Slot.BLUE, true, Condition.UP), target(2, Slot.BLUE, true, Condition.UP));

        assertThat(look(target(1, Slot.BLUE, true, Condition.DOWN), target(2, Slot.BLUE, true, Condition.UP)))
                .hasOnlyElementsOfType(TargetDown.class);
        assertThat(look(target(1, Slot.BLUE, true, Condition.DOWN), target(2, Slot.BLUE, true, Condition.DOWN)))
                .hasSize(2)
                .hasAtLeastOneElementOfType(TargetDown.class)
                .hasAtLeastOneElementOfType(NobodyLeft.class);
    }

    /** The clock is put back two hours meanwhile. */
    @Test
    void what_is_back_says_how_long_it_was_away() {
        look(target(1, Slot.BLUE, true, Condition.DOWN));
        now = START.minus(Duration.ofHours(2));
        nanos = TimeUnit.SECONDS.toNanos(34);

        List<OutageEvent> events = look(target(1, Slot.BLUE, true, Condition.UP));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isInstanceOfSatisfying(TargetBack.class, back -> assertThat(back.lasted())
                .isEqualTo(Duration.ofSeconds(34)));
        assertThat(events.get(1)).isInstanceOfSatisfying(ServedAgain.class, back -> assertThat(back.lasted())
                .isEqualTo(Duration.ofSeconds(34)));
    }

    @Test
    void an_idle_slot_that_nobody_has_deployed_to_is_no_outage() {
        assertThat(look(target(1, Slot.BLUE, true, Condition.UP), target(2, Slot.GREEN, false, Condition.DOWN)))
                .isEmpty();
    }

    @Test
    void an_idle_target_that_was_up_goes_down_without_harm_to_its_service() {
        TargetView active = target(1, Slot.BLUE, true, Condition.UP);
        look(active, target(2, Slot.GREEN, false, Condition.UP));

        assertThat(look(active, target(2, Slot.GREEN, false, Condition.DOWN)))
                .singleElement()
                .isInstanceOfSatisfying(
                        TargetDown.class, down -> assertThat(down.target()).hasToString("127.0.0.1:2 (green, idle)"));
    }

    @Test
    void a_dead_slot_that_begins_to_serve_is_an_outage_and_a_switch_ends_it() {
        look(target(1, Slot.BLUE, true, Condition.UP), target(2, Slot.GREEN, false, Condition.DOWN));

        assertThat(look(target(1, Slot.BLUE, false, Condition.UP), target(2, Slot.GREEN, true, Condition.DOWN)))
                .hasAtLeastOneElementOfType(TargetDown.class)
                .hasAtLeastOneElementOfType(NobodyLeft.class);
        assertThat(look(target(1, Slot.BLUE, true, Condition.UP), target(2, Slot.GREEN, false, Condition.DOWN)))
                .hasOnlyElementsOfType(ServedAgain.class);
    }

    @Test
    void a_target_that_went_down_while_it_was_idle_is_an_outage_once_it_serves() {
        TargetView other = target(1, Slot.BLUE, true, Condition.UP);
        look(other, target(2, Slot.GREEN, false, Condition.UP));
        look(other, target(2, Slot.GREEN, false, Condition.DOWN));

        assertThat(look(other, target(2, Slot.GREEN, true, Condition.DOWN)))
                .singleElement()
                .isInstanceOfSatisfying(
                        TargetDown.class, down -> assertThat(down.target()).hasToString("127.0.0.1:2 (green, serves)"));
        assertThat(look(other, target(2, Slot.GREEN, true, Condition.DOWN))).isEmpty();
    }

    @Test
    void with_a_canary_a_target_of_the_other_slot_is_somebody() {
        assertThat(look(target(1, Slot.BLUE, true, Condition.DOWN), target(2, Slot.GREEN, true, Condition.UP)))
                .hasOnlyElementsOfType(TargetDown.class);
    }

    @Test
    void what_no_probe_has_seen_yet_is_no_outage() {
        assertThat(look(target(1, Slot.BLUE, true, Condition.UNKNOWN))).isEmpty();
    }

    @Test
    void a_target_that_is_removed_while_it_is_down_ends_its_outage() {
        look(target(1, Slot.BLUE, true, Condition.DOWN), target(2, Slot.BLUE, true, Condition.UP));

        assertThat(look(target(2, Slot.BLUE, true, Condition.UP)))
                .singleElement()
                .isInstanceOfSatisfying(
                        TargetBack.class, back -> assertThat(back.isUp()).isFalse());
    }

    @Test
    void a_service_that_is_removed_is_forgotten() {
        look(target(1, Slot.BLUE, true, Condition.DOWN));

        assertThat(outages.remove("shop", now)).anySatisfy(event -> assertThat(event)
                .isInstanceOfSatisfying(
                        ServedAgain.class, gone -> assertThat(gone.isServed()).isFalse()));
        assertThat(outages.services()).isEmpty();
    }

    @Test
    void a_service_without_any_target_is_down_until_it_has_one() {
        look(target(1, Slot.BLUE, true, Condition.UP));

        assertThat(look()).singleElement().isInstanceOf(NobodyLeft.class);
        assertThat(look()).isEmpty();
        assertThat(look(target(1, Slot.BLUE, true, Condition.UP)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ServedAgain.class, back -> assertThat(back.isServed()).isTrue());
    }

    @Test
    void an_outage_lasts_when_the_last_target_is_removed() {
        look(target(1, Slot.BLUE, true, Condition.DOWN));

        assertThat(look()).hasOnlyElementsOfType(TargetBack.class);
    }

    @Test
    void a_service_that_nobody_has_deployed_to_is_no_outage() {
        assertThat(look()).isEmpty();
    }
}
