package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Command.FollowNames;
import dev.turnout.routing.Command.ResetTargets;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refusal;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Outcome.Unchanged;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A slot whose targets are the addresses of a name")
final class PoolOfNamesTest {

    private static final Target NAME = Target.parse("dns:app.internal:8080");
    private static final Target FIXED = Target.parse("10.0.0.1:8080");
    private static final Target ONE = Target.parse("10.0.0.7:8080");
    private static final Target TWO = Target.parse("10.0.0.8:8080");
    private static final Target GREEN = Target.parse("10.0.1.1:8080");
    private static final Pool POOL = Pool.of(List.of(NAME, FIXED));

    private static Service service(Pool blue) {
        return Service.initial(Service.DEFAULT, blue, Pool.of(List.of(GREEN)), Instant.EPOCH);
    }

    private static Outcome apply(Service service, Command command) {
        return Transition.apply(service, command, Instant.EPOCH, "test");
    }

    @Test
    void has_only_the_fixed_targets_before_the_first_answer() {
        assertThat(POOL.targets()).containsExactly(FIXED);
        assertThat(POOL.names()).containsExactly(NAME);
        assertThat(POOL.configured()).containsExactly(NAME, FIXED);
        assertThat(POOL.alsoWith(List.of(ONE)).targets()).containsExactly(FIXED, ONE);
        assertThat(POOL.alsoWith(List.of(ONE)).configured()).containsExactly(NAME, FIXED);
    }

    @Test
    void never_has_the_name_itself_as_a_target() {
        assertThatThrownBy(() -> new Pool(List.of(NAME), Set.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dns:app.internal:8080");
    }

    @Test
    void follows_the_name_and_keeps_what_is_out_of_rotation() {
        Service service = service(POOL.alsoWith(List.of(ONE, TWO)));
        service = ((Changed) apply(service, new Command.TakeOut(ONE, false))).service();
        service = ((Changed) apply(service, new FollowNames(Slot.BLUE, List.of(FIXED, ONE)))).service();
        assertThat(service.blue().targets()).containsExactly(FIXED, ONE);
        assertThat(service.blue().out()).containsExactly(ONE);
        assertThat(apply(service, new FollowNames(Slot.BLUE, List.of(FIXED, ONE))))
                .isInstanceOf(Unchanged.class);
    }

    @Test
    void never_loses_its_last_target_in_rotation_to_an_answer() {
        Service service = service(Pool.of(List.of(NAME)).alsoWith(List.of(ONE)));
        assertThat(apply(service, new FollowNames(Slot.BLUE, List.of())))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(Refusal.LAST_TARGET));
    }

    @Test
    void takes_no_list_of_the_run_time() {
        Service service = service(POOL);
        for (Command command : List.of(
                new AddTarget(Slot.BLUE, ONE, Optional.empty()),
                new Command.SetTargets(Slot.BLUE, List.of(ONE), true),
                new Command.RemoveTarget(Slot.BLUE, FIXED, true),
                new ResetTargets(Slot.BLUE))) {
            assertThat(apply(service, command))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.refusal())
                            .isEqualTo(Refusal.FOLLOWS_NAMES));
        }
        assertThat(apply(service, new AddTarget(Slot.GREEN, ONE, Optional.empty())))
                .isInstanceOf(Changed.class);
    }

    @Test
    void keeps_what_it_has_while_the_configuration_names_the_same_name_and_what_served_when_it_names_another() {
        Pool known = Pool.of(List.of(NAME)).alsoWith(List.of(ONE, TWO));
        assertThat(known.reconciledWith(List.of(NAME))).isSameAs(known);
        Target other = Target.parse("srv:_http._tcp.app.internal");
        assertThat(known.reconciledWith(List.of(other)).targets()).containsExactly(ONE, TWO);
        assertThat(known.reconciledWith(List.of(other)).names()).containsExactly(other);
        assertThat(known.reconciledWith(List.of(FIXED)).targets()).containsExactly(FIXED);
        assertThat(Pool.of(List.of(FIXED)).reconciledWith(List.of(NAME)).targets())
                .containsExactly(FIXED);
    }

    @Test
    void is_written_as_it_is_read() {
        for (String text : List.of(
                "dns:app.internal:8080", "srv:_http._tcp.app.internal", "https://dns:app.internal:8443", "dns:app:1")) {
            assertThat(Target.parse(text)).hasToString(text);
            assertThat(Target.parse(text).isName()).isTrue();
        }
        for (String text : List.of(
                "dns:app.internal", "dns:10.0.0.1:80", "dns:a..b:80", "dns::80", "srv:", "srv:a b", "dns:-a:80")) {
            assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
