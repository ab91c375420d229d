package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.config.Balance;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RotationTest {

    private static final int LOOPS = 2;
    private static final TargetSettings HOUR =
            new TargetSettings(0, 0, 0, Duration.ofHours(1).toNanos());

    private final TargetState a = upstream(1);
    private final TargetState b = upstream(2);
    private final TargetState c = upstream(3);

    private static TargetState upstream(int port) {
        return new TargetState("default", Slot.BLUE, new Target("127.0.0.1", port), LOOPS, TargetSettings.NONE);
    }

    private static Rotation rotation(Balance balance, TargetState... upstreams) {
        return new Rotation(List.of(upstreams), balance, LOOPS);
    }

    private static List<TargetState> next(Rotation rotation, int count) {
        List<TargetState> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(rotation.next(0, null));
        }
        return chosen;
    }

    @Test
    void round_robin_takes_each_in_its_turn() {
        assertThat(next(rotation(Balance.ROUND_ROBIN, a, b, c), 7)).containsExactly(a, b, c, a, b, c, a);
    }

    @Test
    void event_loops_begin_at_different_targets() {
        Rotation rotation = rotation(Balance.ROUND_ROBIN, a, b, c);

        assertThat(rotation.next(0, null)).isNotSameAs(rotation.next(1, null));
    }

    @ParameterizedTest
    @EnumSource
    void without_a_target_there_is_none(Balance balance) {
        assertThat(rotation(balance).next(1, null)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void one_that_has_just_failed_is_passed_by(Balance balance) {
        Rotation rotation = rotation(balance, a, b);

        assertThat(List.of(rotation.next(0, a), rotation.next(0, a))).containsOnly(b);
        assertThat(rotation(balance, a).next(0, a)).isNull();
    }

    @Test
    void least_in_flight_takes_the_one_with_the_fewest_whatever_loop_they_came_from() {
        a.enter(0);
        a.enter(1);
        b.enter(1);
        c.enter(0);
        c.enter(0);

        assertThat(next(rotation(Balance.LEAST_IN_FLIGHT, a, b, c), 3)).containsOnly(b);
    }

    @Test
    void least_in_flight_takes_those_with_equally_few_in_turn() {
        b.enter(0);

        assertThat(next(rotation(Balance.LEAST_IN_FLIGHT, a, b, c), 4)).containsExactly(a, c, a, c);
    }

    @Test
    void least_in_flight_levels_out_what_stays_in_flight() {
        Rotation rotation = rotation(Balance.LEAST_IN_FLIGHT, a, b, c);
        a.enter(0);
        a.enter(0);
        a.enter(0);
        for (int i = 0; i < 6; i++) {
            rotation.next(0, null).enter(0);
        }

        assertThat(List.of(a.inFlight(), b.inFlight(), c.inFlight())).containsOnly(3L);
    }

    @ParameterizedTest
    @EnumSource
    void a_target_that_refuses_a_connection_gets_no_more_at_once(Balance balance) {
        Rotation rotation = rotation(balance, a, b, c);
        b.connectFailed();

        assertThat(next(rotation, 6)).containsExactlyInAnyOrder(a, a, a, c, c, c);
        assertThat(rotation.passedOver()).containsExactly(b);
    }

    @ParameterizedTest
    @EnumSource
    void a_target_that_probes_find_down_gets_no_more(Balance balance) {
        a.probed(false, true);

        assertThat(next(rotation(balance, a, b), 4)).containsOnly(b);
    }

    @ParameterizedTest
    @EnumSource
    void when_none_works_all_of_them_are_tried(Balance balance) {
        Rotation rotation = rotation(balance, a, b);
        a.connectFailed();
        b.probed(false, true);

        assertThat(next(rotation, 4)).containsExactlyInAnyOrder(a, a, b, b);
        assertThat(rotation.passedOver()).isEmpty();
    }

    @Test
    void the_last_chance_is_one_that_does_not_work_rather_than_one_that_has_just_failed() {
        Rotation rotation = rotation(Balance.ROUND_ROBIN, a, b);
        a.connectFailed();
        b.connectFailed();

        assertThat(rotation.next(0, a)).isSameAs(b);
    }

    @Test
    void a_good_probe_brings_back_what_refused_a_connection() {
        a.connectFailed();
        a.probed(false, false);
        assertThat(a.isSuspended()).isTrue();

        a.probed(true, false);
        assertThat(a.isSuspended()).isFalse();
    }

    @Test
    void one_good_probe_does_not_bring_back_what_probes_find_down() {
        a.probed(false, true);
        a.probed(true, true);
        assertThat(a.isSuspended()).isTrue();

        a.probed(true, false);
        assertThat(a.isSuspended()).isFalse();
    }

    @Test
    void a_connection_that_was_opened_brings_back_what_refused_one() {
        a.connectFailed();
        a.connected();

        assertThat(a.isSuspended()).isFalse();
    }

    @Test
    void one_bad_probe_changes_nothing() {
        a.probed(false, false);

        assertThat(a.isSuspended()).isFalse();
    }

    @Test
    void one_that_has_come_back_gets_more_and_more_up_to_its_share() {
        TargetState back = new TargetState("default", Slot.BLUE, new Target("127.0.0.1", 9), LOOPS, HOUR);
        long now = System.nanoTime();
        back.returned();

        assertThat(back.isStarting()).isTrue();
        assertThat(back.share(now + Duration.ofMinutes(1).toNanos())).isCloseTo(0.05, within(0.001));
        assertThat(back.share(now + Duration.ofMinutes(30).toNanos())).isCloseTo(0.5, within(0.001));
        assertThat(back.isStarting()).isTrue();
        assertThat(back.share(now + Duration.ofMinutes(61).toNanos())).isGreaterThanOrEqualTo(1);
        assertThat(back.isStarting()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void one_that_has_just_come_back_gets_a_twentieth_of_its_share(Balance balance) {
        TargetState back = new TargetState("default", Slot.BLUE, new Target("127.0.0.1", 9), LOOPS, HOUR);
        back.returned();

        long got = next(rotation(balance, a, back), 20_000).stream()
                .filter(upstream -> upstream == back)
                .count();
        assertThat(got).isBetween(300L, 1_100L);
    }

    @ParameterizedTest
    @EnumSource
    void one_that_has_just_come_back_gets_everything_if_no_other_works(Balance balance) {
        TargetState back = new TargetState("default", Slot.BLUE, new Target("127.0.0.1", 9), LOOPS, HOUR);
        back.returned();
        a.connectFailed();

        assertThat(next(rotation(balance, a, back), 100)).containsOnly(back);
    }
}
