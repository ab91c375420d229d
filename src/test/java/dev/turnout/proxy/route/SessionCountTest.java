package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionCountTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final SessionCount count = new SessionCount(0);

    private void see(int sessions, long nanos) {
        Random random = new Random(1);
        for (int i = 0; i < sessions; i++) {
            count.seen(random.nextLong(), nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 100, 1_000, 10_000, 50_000})
    void is_within_three_percent_of_how_many_sessions_came(int sessions) {
        see(sessions, 0);
        see(sessions, 0);

        assertThat(count.estimate(0))
                .isCloseTo(sessions, within(sessions < 11 ? 0L : Math.max(2, sessions * 3L / 100)));
    }

    @Test
    void forgets_a_session_five_to_ten_minutes_after_its_last_request() {
        see(10, 0);
        assertThat(count.estimate(5 * MINUTE)).isEqualTo(10);
        assertThat(count.estimate(9 * MINUTE)).isEqualTo(10);
        assertThat(count.estimate(10 * MINUTE)).isZero();

        see(10, 14 * MINUTE);
        see(10, 19 * MINUTE);
        assertThat(count.estimate(24 * MINUTE)).isEqualTo(10);
        assertThat(count.estimate(100 * MINUTE)).isZero();
    }
}
