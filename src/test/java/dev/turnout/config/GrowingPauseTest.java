package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GrowingPauseTest {

    private final GrowingPause pauses = new GrowingPause(Duration.ofMillis(100), Duration.ofMillis(500));

    private void assertNext(long millis) {
        assertThat(pauses.next()).hasMillis(millis);
    }

    @Test
    void each_pause_is_twice_as_long_as_the_one_before_up_to_a_bound() {
        for (long millis : new long[] {100, 200, 400, 500, 500}) {
            assertNext(millis);
        }
    }

    @Test
    void a_success_makes_it_short_again() {
        assertNext(100);
        assertNext(200);
        pauses.reset();
        assertNext(100);
    }

    @Test
    void it_is_longer_if_the_other_side_asks_for_that_and_doubles_beside_it() {
        assertThat(pauses.next(Duration.ofSeconds(2))).hasSeconds(2);
        assertThat(pauses.next(Duration.ofMillis(1))).hasMillis(200);
        assertNext(400);
    }
}
