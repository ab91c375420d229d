package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was refused")
final class RestsTest {

    private final Rests<String> rests = new Rests<>();

    private static long at(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void rests_longer_after_each_refusal_and_a_minute_at_most() {
        List<Long> pauses = new ArrayList<>();
        long last = 0;
        for (long second = 0; second < 400; second++) {
            if (!rests.holds("a", 1, at(second))) {
                pauses.add(second - last);
                last = second;
                rests.refused("a", 1, at(second));
            }
        }

        assertThat(pauses).startsWith(0L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void is_asked_for_at_once_in_another_state_or_if_it_is_something_else() {
        rests.refused("a", 1, at(0));

        assertThat(rests.holds("a", 1, at(9))).isTrue();
        assertThat(rests.holds("a", 2, at(9))).isFalse();
        assertThat(rests.holds("b", 1, at(9))).isFalse();
        rests.over("a");
        assertThat(rests.holds("a", 1, at(9))).isFalse();
        rests.refused("a", 1, at(0));
        rests.retain(Set.of("b"));
        assertThat(rests.holds("a", 1, at(9))).isFalse();
    }
}
