package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RouteTest {

    private static final Target B1 = Target.parse("b1:1");
    private static final Target B2 = Target.parse("b2:1");
    private static final Target G1 = Target.parse("g1:1");

    private final Service initial =
            Service.initial("default", Pool.of(List.of(B1, B2)), Pool.of(List.of(G1)), Instant.EPOCH);

    @Test
    void the_active_slot_gets_all_of_it_evenly() {
        assertThat(Route.of(initial)).hasToString("b1:1, b2:1");
        assertThat(Route.of(initial).serving()).containsExactlyInAnyOrder(B1, B2);
    }

    @Test
    void a_target_out_of_rotation_is_named_and_gets_nothing() {
        Route route = Route.of(after(new Command.TakeOut(B1, false)));
        assertThat(route).hasToString("b1:1 (down), b2:1");
        assertThat(route.serving()).containsExactly(B2);
        assertThat(route.sendsLike(Route.to(B2))).isTrue();
    }

    @Test
    void a_canary_gets_its_percentage_however_many_targets_the_slots_have() {
        Route route = Route.of(after(new Command.SetCanary(10, "0".repeat(32))));
        assertThat(route.shareOf(List.of(G1))).isEqualTo(0.1);
        assertThat(route.weights().get(B1)).isEqualTo(route.weights().get(B2));
        assertThat(Route.of(after(new Command.SetCanary(100, "0".repeat(32)))).serving())
                .containsExactly(G1);
        assertThat(Route.of(after(new Command.SetCanary(1, "0".repeat(32)))).shareOf(List.of(G1)))
                .isEqualTo(0.01);
    }

    @Test
    void a_last_target_taken_out_by_force_leaves_nobody() {
        Service none = apply(after(new Command.TakeOut(B1, false)), new Command.TakeOut(B2, true));
        assertThat(Route.of(none).serving()).isEmpty();
        assertThat(Route.of(none)).hasToString("b1:1 (down), b2:1 (down)");
    }

    private Service after(Command command) {
        return apply(initial, command);
    }

    private static Service apply(Service service, Command command) {
        return ((Changed) Transition.apply(service, command, Instant.EPOCH, "test")).service();
    }
}
