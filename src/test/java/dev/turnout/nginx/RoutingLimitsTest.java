package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoutingLimitsTest {

    private static final Service SERVICE = Service.initial(
            Service.DEFAULT, Pool.of(targets("127.0.0.1:8080")), Pool.of(targets("127.0.0.1:8082")), Instant.EPOCH);

    private static List<Target> targets(String... targets) {
        return List.of(targets).stream().map(Target::parse).toList();
    }

    private static Service with(Slot slot, String... targets) {
        Command command = new Command.SetTargets(slot, targets(targets), true);
        return ((Changed) Transition.apply(SERVICE, command, Instant.EPOCH, "test")).service();
    }

    @Test
    void an_upstream_takes_any_targets_of_the_run_time_but_none_in_the_active_slot() {
        RoutingLimits limits = new RoutingLimits(Style.UPSTREAM);

        assertThat(limits.objection(with(Slot.BLUE, "a:1", "b:1"))).isEmpty();
        assertThat(limits.objection(with(Slot.GREEN))).isEmpty();
        assertThat(limits.objection(with(Slot.BLUE))).get().asString().contains("without a target");
    }

    @Test
    void a_variable_takes_one_target_of_the_run_time_in_each_slot() {
        RoutingLimits limits = new RoutingLimits(Style.VARIABLE);

        assertThat(limits.objection(with(Slot.GREEN, "a:1"))).isEmpty();
        assertThat(limits.objection(with(Slot.GREEN, "a:1", "b:1")))
                .get()
                .asString()
                .contains("slot green", "turnout.nginx.style=upstream");
    }

    @Test
    void an_upstream_takes_a_unix_socket_and_a_variable_does_not() {
        assertThat(new RoutingLimits(Style.UPSTREAM).objection(with(Slot.GREEN, "unix:/run/a.sock", "b:1")))
                .isEmpty();
        assertThat(new RoutingLimits(Style.VARIABLE).objection(with(Slot.GREEN, "unix:/run/a.sock")))
                .get()
                .asString()
                .contains("unix:/run/a.sock", "turnout.nginx.style=upstream");
    }

    @Test
    void neither_style_has_a_place_for_a_scheme() {
        for (Style style : Style.values()) {
            assertThat(new RoutingLimits(style).objection(with(Slot.GREEN, "https://a:1")))
                    .get()
                    .asString()
                    .contains("give a:1 in the place of https://a:1", "proxy_pass");
        }
    }
}
