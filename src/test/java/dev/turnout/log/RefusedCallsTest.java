package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RefusedCallsTest {

    private final KeptLines kept = new KeptLines(RefusedCallsTest.class);
    private final TestClock clock = new TestClock(Instant.parse("2026-11-26T03:00:00Z"));
    private final RefusedCalls refused = new RefusedCalls(kept.logger(), clock);

    @AfterEach
    void close() {
        kept.close();
    }

    @Test
    void a_refused_call_is_one_line_with_the_address_and_the_reason() {
        refused.refused("10.0.0.5", "POST /admin/switch", 401, "unauthorized");

        assertThat(kept.take())
                .containsExactly("WARN The admin port refused POST /admin/switch from 10.0.0.5 with 401: unauthorized");
    }

    @Test
    void a_clock_that_was_ahead_silences_nobody() {
        clock.pass(Duration.ofDays(365));
        for (int i = 0; i < 500; i++) {
            refused.refused("10.0.0.5", "GET /admin/status", 401, "unauthorized");
        }
        kept.take();
        clock.pass(Duration.ofDays(-365));

        refused.refused("10.0.0.5", "GET /admin/status", 401, "unauthorized");
        assertThat(kept.take()).isNotEmpty();
    }

    @Test
    void somebody_who_tries_tokens_all_the_time_gets_ten_lines_a_minute_and_one_that_counts_the_rest() {
        for (int i = 0; i < 500; i++) {
            refused.refused("10.0.0.5", "GET /admin/status", i % 100 == 0 ? 403 : 401, "unauthorized");
        }
        assertThat(kept.take()).hasSize(10);

        clock.pass(Duration.ofSeconds(59));
        refused.tick();
        assertThat(kept.take()).isEmpty();

        clock.pass(Duration.ofSeconds(1));
        refused.tick();
        assertThat(kept.take())
                .containsExactly("WARN The admin port refused 490 more calls within 60 s: 401 486x, 403 4x");
        refused.tick();
        assertThat(kept.take()).isEmpty();
    }
}
