package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.turnout.routing.Command.SwitchTo;
import dev.turnout.routing.Outcome.Changed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ServiceTest {

    private static final Instant BEFORE = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NOW = BEFORE.plusSeconds(1);
    private static final Pool BLUE = Pool.of(List.of(new Target("blue", 1), new Target("blue", 2)));
    private static final Pool GREEN = Pool.of(List.of(new Target("green", 1)));
    private static final Service FIRST = Service.initial(Service.DEFAULT, BLUE, GREEN, BEFORE);

    @Test
    void at_the_first_start_blue_serves_and_there_is_nothing_to_roll_back() {
        assertThat(FIRST.active()).isEqualTo(Slot.BLUE);
        assertThat(FIRST.idle()).isEqualTo(Slot.GREEN);
        assertThat(FIRST.previous()).isEmpty();
        assertThat(FIRST.revision()).isEqualTo(1);
    }

    @Test
    void a_target_is_found_in_its_slot() {
        assertThat(FIRST.slotOf(new Target("blue", 2))).contains(Slot.BLUE);
        assertThat(FIRST.slotOf(new Target("green", 1))).contains(Slot.GREEN);
        assertThat(FIRST.slotOf(new Target("green", 2))).isEmpty();
    }

    @Test
    void the_configuration_never_decides_which_slot_is_active() {
        Service switched = ((Changed) Transition.apply(FIRST, new SwitchTo(Slot.GREEN), NOW, "test")).service();
        Pool other = Pool.of(List.of(new Target("green", 9)));

        Service reconciled = switched.reconciledWith(BLUE, other, NOW);

        assertThat(reconciled.active()).isEqualTo(Slot.GREEN);
        assertThat(reconciled.previous()).contains(Slot.BLUE);
        assertThat(reconciled.green()).isEqualTo(other);
        assertThat(reconciled.revision()).isEqualTo(switched.revision() + 1);
        assertThat(reconciled.since()).isEqualTo(NOW);
        assertThat(reconciled.why()).contains("configuration");
    }

    @Test
    void the_same_targets_in_the_configuration_are_no_change() {
        assertThat(FIRST.reconciledWith(BLUE, GREEN, NOW)).isSameAs(FIRST);
    }

    @Test
    void the_build_of_a_slot_is_forgotten_when_the_configuration_leaves_none_of_its_targets() {
        SlotRelease release = new SlotRelease(Optional.of("1.4.2"), "minji", BEFORE, Optional.empty());
        Service deployed = FIRST.withRelease(Slot.BLUE, release).withRelease(Slot.GREEN, release);
        Pool some = Pool.of(List.of(new Target("blue", 2), new Target("blue", 3)));
        Pool others = Pool.of(List.of(new Target("green", 9)));

        SlotReleases releases = deployed.reconciledWith(some, others, NOW).releases();

        assertThat(releases.of(Slot.BLUE)).contains(release);
        assertThat(releases.of(Slot.GREEN)).isEmpty();
    }

    @Test
    void a_canary_and_a_pause_exclude_each_other() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Service(
                        "x",
                        Slot.BLUE,
                        FIRST.previous(),
                        BLUE,
                        GREEN,
                        Optional.of(new Canary(5, "0".repeat(32))),
                        true,
                        Optional.empty(),
                        1,
                        NOW,
                        "test",
                        SlotReleases.NONE));
    }

    @Test
    void a_routing_state_keeps_each_service_under_its_own_name() {
        TreeMap<String, Service> wrong = new TreeMap<>();
        wrong.put("shop", FIRST);

        assertThatIllegalArgumentException().isThrownBy(() -> new RoutingState(wrong));
    }

    @Test
    void replacing_a_service_leaves_the_others_and_the_state_before() {
        Service shop = Service.initial("shop", BLUE, GREEN, BEFORE);
        RoutingState before = RoutingState.of(List.of(FIRST, shop));
        Service switched = ((Changed) Transition.apply(FIRST, new SwitchTo(Slot.GREEN), NOW, "test")).service();

        RoutingState after = before.with(switched);

        assertThat(after.service("default")).contains(switched);
        assertThat(after.service("shop")).contains(shop);
        assertThat(before.service("default")).contains(FIRST);
    }
}
