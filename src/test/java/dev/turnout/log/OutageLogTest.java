package dev.turnout.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import dev.turnout.log.TargetView.Condition;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OutageLogTest {

    private static final Instant START = Instant.parse("2026-11-26T03:00:00Z");
    private static final TargetView DOWN =
            new TargetView(new Target("127.0.0.1", 8080), Slot.BLUE, true, Condition.DOWN, 3, "connection refused");

    private final KeptLines kept = new KeptLines(OutageLogTest.class);
    private final OutageLog log = new OutageLog(kept.logger());

    @AfterEach
    void close() {
        kept.close();
    }

    @Test
    void each_event_is_one_line_that_says_what_an_operator_asks() {
        log.accept(new TargetDown("default", START, DOWN));
        log.accept(new NobodyLeft("default", START, List.of(DOWN)));
        log.accept(new TargetBack("default", START, DOWN, true, Duration.ofSeconds(34)));
        log.accept(new ServedAgain("default", START, true, Duration.ofSeconds(34)));

        assertThat(kept.take())
                .containsExactly(
                        "WARN default: 127.0.0.1:8080 (blue, serves) is DOWN after 3 probes: connection refused",
                        "ERROR default: NOBODY IS LEFT to serve: no target that gets requests is up. Requests fail until"
                                + " one is back, or until you switch. 127.0.0.1:8080 (blue): connection refused",
                        "INFO default: 127.0.0.1:8080 (blue, serves) is UP again after 34 s",
                        "INFO default: served again after 34 s without any target");
    }

    @Test
    void a_target_that_flaps_for_a_minute_gets_six_lines_and_one_that_counts_the_rest() {
        for (int second = 0; second < 50; second++) {
            log.accept(new TargetDown("default", START.plusSeconds(second), DOWN));
            log.accept(new TargetBack("default", START.plusSeconds(second), DOWN, true, Duration.ofMillis(500)));
            log.tick(START.plusSeconds(second));
        }
        assertThat(kept.take()).hasSize(6);

        log.tick(START.plusSeconds(60));
        assertThat(kept.take())
                .containsExactly("WARN default: 127.0.0.1:8080 (blue, serves) changed 94 more times within 60 s, and is"
                        + " UP now");
        log.tick(START.plusSeconds(120));
        assertThat(kept.take()).isEmpty();
    }

    @Test
    void one_target_that_flaps_takes_no_line_of_another() {
        TargetView other =
                new TargetView(new Target("127.0.0.1", 8081), Slot.BLUE, true, Condition.DOWN, 3, "no answer in time");
        for (int i = 0; i < 20; i++) {
            log.accept(new TargetDown("default", START, DOWN));
        }
        kept.take();

        log.accept(new TargetDown("default", START, other));

        assertThat(kept.take()).hasSize(1);
    }
}
