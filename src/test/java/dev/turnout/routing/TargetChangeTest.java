package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a configuration changes in the targets of services")
final class TargetChangeTest {

    private static final Instant THEN = Instant.EPOCH;
    private static final Instant NOW = Instant.EPOCH.plusSeconds(1);

    private static List<Target> targets(int... ports) {
        return Arrays.stream(ports)
                .mapToObj(port -> new Target("127.0.0.1", port))
                .toList();
    }

    private static Service service(String name, List<Target> blue, List<Target> green) {
        return Service.initial(name, Pool.of(blue), Pool.of(green), THEN);
    }

    private static Service apply(Service service, Command command) {
        return ((Outcome.Changed) Transition.apply(service, command, THEN, "a test")).service();
    }

    private static List<TargetChange> between(Service service, ConfiguredTargets... configured) {
        return TargetChange.between(RoutingState.of(List.of(service)), List.of(configured), NOW);
    }

    @Test
    void the_same_targets_are_no_change() {
        assertThat(between(
                        service("shop", targets(1), targets(2)), new ConfiguredTargets("shop", targets(1), targets(2))))
                .isEmpty();
    }

    @Test
    void a_target_that_is_new_in_the_active_slot_gains_and_one_that_is_gone_is_left() {
        TargetChange change = between(
                        service("shop", targets(1, 2), targets(3)),
                        new ConfiguredTargets("shop", targets(2, 4), targets(5)))
                .get(0);

        assertThat(change.gaining()).isEqualTo(targets(4));
        assertThat(change.left()).isEqualTo(targets(1, 3));
        assertThat(change.after().orElseThrow().revision()).isEqualTo(2);
    }

    @Test
    void a_target_that_is_new_in_the_slot_of_a_canary_gains_too() {
        Service canary = apply(
                service("shop", targets(1), targets(2)), new Command.SetCanary(10, "0123456789abcdef0123456789abcdef"));

        assertThat(between(canary, new ConfiguredTargets("shop", targets(1), targets(2, 3)))
                        .get(0)
                        .gaining())
                .isEqualTo(targets(3));
    }

    @Test
    void active_slot_pause_and_targets_out_of_rotation_stay() {
        Service before = apply(
                apply(
                        apply(service("shop", targets(1), targets(2, 3)), new Command.SwitchTo(Slot.GREEN)),
                        new Command.TakeOut(targets(3).get(0), false)),
                new Command.Pause());

        Service after = between(before, new ConfiguredTargets("shop", targets(1), targets(2, 3, 4)))
                .get(0)
                .after()
                .orElseThrow();

        assertThat(after.active()).isEqualTo(Slot.GREEN);
        assertThat(after.paused()).isTrue();
        assertThat(after.green().inRotation()).isEqualTo(targets(2, 4));
    }

    @Test
    void a_service_that_is_not_configured_any_more_leaves_all_its_targets() {
        Service shop = service("shop", targets(1), targets(2));
        List<TargetChange> changes = between(shop, new ConfiguredTargets("blog", targets(3), targets(4)));

        assertThat(changes).extracting(TargetChange::service).containsExactly("blog", "shop");
        assertThat(changes.get(0).gaining()).isEmpty();
        assertThat(changes.get(1).left()).isEqualTo(targets(1, 2));
        RoutingState state = RoutingState.of(List.of(shop));
        for (TargetChange change : changes) {
            state = change.in(state);
        }
        assertThat(state.services()).containsOnlyKeys("blog");
    }

    @Test
    void a_target_that_moves_to_the_active_slot_gains_and_is_not_left() {
        TargetChange change = between(
                        service("shop", targets(1), targets(2)), new ConfiguredTargets("shop", targets(2), targets(1)))
                .get(0);

        assertThat(change.gaining()).isEqualTo(targets(2));
        assertThat(change.left()).isEmpty();
    }
}
