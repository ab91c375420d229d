package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A followed name")
final class FollowedNameTest {

    private static final List<Target> TARGETS = List.of(Target.parse("10.0.0.7:8080"));
    private static final NameAnswer FAILED = new NameAnswer.Failed("there is no such name");

    private static NameAnswer found(Duration ttl) {
        return new NameAnswer.Found(TARGETS, ttl, Optional.empty());
    }

    private static Duration time(FollowedName name) {
        return Duration.ofNanos(name.dueNanos());
    }

    @Test
    void is_due_at_once_and_again_when_its_answer_has_aged_within_bounds() {
        FollowedName fresh = FollowedName.fresh(0);
        assertThat(fresh.isDue(0)).isTrue();
        assertThat(time(fresh.after(found(Duration.ofSeconds(30)), 0))).isEqualTo(Duration.ofSeconds(30));
        assertThat(time(fresh.after(found(Duration.ZERO), 0))).isEqualTo(Duration.ofSeconds(1));
        assertThat(time(fresh.after(found(Duration.ofDays(7)), 0))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void keeps_the_targets_of_its_last_answer_while_look_ups_fail_and_asks_less_and_less_often() {
        FollowedName name = FollowedName.fresh(0).after(found(Duration.ofSeconds(1)), 0);
        long[] seconds = {1, 2, 4, 8, 16, 30, 30};
        for (int i = 0; i < seconds.length; i++) {
            name = name.after(FAILED, 0);
            assertThat(time(name)).isEqualTo(Duration.ofSeconds(seconds[i]));
            assertThat(name.targets()).contains(TARGETS);
            assertThat(name.trouble()).contains("there is no such name");
        }
        name = name.after(found(Duration.ofSeconds(5)), 0);
        assertThat(name.trouble()).isEqualTo(Optional.empty());
        assertThat(name.failures()).isZero();
    }

    @Test
    void keeps_its_ipv6_targets_when_nobody_says_whether_they_are_there_yet() {
        List<Target> both = List.of(Target.parse("10.0.0.7:8080"), Target.parse("[fd00::1]:8080"));
        NameAnswer whole = new NameAnswer.Found(both, Duration.ofSeconds(1), Optional.empty());
        NameAnswer half = new NameAnswer.Found(TARGETS, Duration.ofSeconds(1), Optional.of("a test"));

        FollowedName name = FollowedName.fresh(0).after(whole, 0).after(half, 0);
        assertThat(name.targets()).contains(both);
        assertThat(name.trouble()).contains("a test");

        // It is known that there are none.
        name = name.after(found(Duration.ofSeconds(1)), 0);
        assertThat(name.targets()).contains(TARGETS);
    }

    @Test
    void takes_ipv4_targets_alone_if_it_had_no_others() {
        NameAnswer half = new NameAnswer.Found(TARGETS, Duration.ofSeconds(1), Optional.of("a test"));

        FollowedName name = FollowedName.fresh(0).after(half, 0);
        assertThat(name.targets()).contains(TARGETS);
        assertThat(name.trouble()).isEmpty();
        assertThat(name.after(half, 0).trouble()).isEmpty();
    }
}
