package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.routing.Warning;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AdoptionTest {

    private static final Target BLUE = Target.parse("127.0.0.1:8080");
    private static final Target GREEN = Target.parse("127.0.0.1:8082");
    private static final Instant NOW = Instant.EPOCH;

    private final Service first = Service.initial("default", Pool.of(List.of(BLUE)), Pool.of(List.of(GREEN)), NOW);

    @Test
    void at_the_first_start_the_include_decides_which_slot_is_active() {
        Adoption adoption = Adoption.decide(Route.to(GREEN), Optional.empty(), first, NOW);
        assertThat(adoption.service().active()).isEqualTo(Slot.GREEN);
        assertThat(adoption.service().previous()).isEmpty();
        assertThat(Warning.english(adoption.warnings())).isEmpty();
        assertThat(adoption.asRecorded()).isFalse();
    }

    @Test
    void a_state_that_the_include_agrees_with_goes_on() {
        Service green = apply(first, new Command.SwitchTo(Slot.GREEN));
        Adoption adoption = Adoption.decide(Route.to(GREEN), Optional.of(green), green, NOW);
        assertThat(adoption).isEqualTo(new Adoption(green, true, List.of()));
    }

    @Test
    void a_switch_that_never_reached_the_include_is_taken_back_and_said() {
        Service green = apply(first, new Command.SwitchTo(Slot.GREEN));
        Adoption adoption = Adoption.decide(Route.to(BLUE), Optional.of(green), green, NOW);
        assertThat(adoption.service().active()).isEqualTo(Slot.BLUE);
        assertThat(adoption.service().previous()).as("green has never served").isEmpty();
        assertThat(adoption.service().revision()).isEqualTo(green.revision() + 1);
        assertThat(Warning.english(adoption.warnings()))
                .singleElement()
                .asString()
                .contains("127.0.0.1:8080 (slot blue)", "127.0.0.1:8082 (slot green)", "/admin/switch?to=green");
    }

    @Test
    void a_flip_by_hand_is_taken_over_and_can_be_rolled_back() {
        Adoption adoption = Adoption.decide(Route.to(GREEN), Optional.of(first), first, NOW);
        assertThat(adoption.service().active()).isEqualTo(Slot.GREEN);
        assertThat(adoption.service().previous()).contains(Slot.BLUE);
        assertThat(Warning.english(adoption.warnings())).hasSize(1);
    }

    @Test
    void a_canary_in_the_include_is_taken_over_with_its_weight() {
        Route route = new Route(new TreeMap<>(Map.of(BLUE, 1, GREEN, 3)));
        Adoption adoption = Adoption.decide(route, Optional.empty(), first, NOW);
        assertThat(adoption.service().active()).isEqualTo(Slot.GREEN);
        assertThat(adoption.service().canaryWeight()).isEqualTo(25);
        assertThat(Route.of(adoption.service())).isEqualTo(route);
    }

    @Test
    void a_target_that_is_down_in_the_include_is_out_of_rotation() {
        Target second = Target.parse("127.0.0.1:8081");
        Service two = Service.initial("default", Pool.of(List.of(BLUE, second)), Pool.of(List.of(GREEN)), NOW);
        Route route = new Route(new TreeMap<>(Map.of(BLUE, 1, second, 0)));
        Adoption adoption = Adoption.decide(route, Optional.empty(), two, NOW);
        assertThat(adoption.service().blue().inRotation()).containsExactly(BLUE);
        assertThat(Route.of(adoption.service())).isEqualTo(route);
    }

    @Test
    void a_paused_state_of_the_other_mode_is_not_taken_over() {
        Service paused = apply(first, new Command.Pause());
        Adoption adoption = Adoption.decide(Route.to(BLUE), Optional.of(paused), paused, NOW);
        assertThat(adoption.service().paused()).isFalse();
        assertThat(Warning.english(adoption.warnings()))
                .singleElement()
                .asString()
                .contains("paused");
    }

    @Test
    void a_target_of_neither_slot_is_refused() {
        assertThatThrownBy(() -> Adoption.decide(Route.to(Target.parse("10.0.0.9:81")), Optional.empty(), first, NOW))
                .isInstanceOf(IncludeRefused.class)
                .hasMessageContaining("10.0.0.9:81, which is configured for neither slot")
                .hasMessageContaining("turnout.blue=127.0.0.1:8080");
    }

    @Test
    void the_same_share_for_both_slots_is_refused() {
        Route both = new Route(new TreeMap<>(Map.of(BLUE, 1, GREEN, 1)));
        assertThatThrownBy(() -> Adoption.decide(both, Optional.empty(), first, NOW))
                .isInstanceOf(IncludeRefused.class)
                .hasMessageContaining("which one is active cannot be told");
    }

    private static Service apply(Service service, Command command) {
        return ((Changed) Transition.apply(service, command, NOW, "test")).service();
    }
}
