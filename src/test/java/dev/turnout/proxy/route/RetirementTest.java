package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.EndReason;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a retirement counts, and what is left of its time. */
final class RetirementTest {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Retirement retirement = Retirement.within(DRAIN, EndReason.REPLACED, 1);

    @Test
    void counts_the_streams_that_have_ended() {
        retirement.countStream();
        retirement.countStream();

        assertThat(retirement.streamsEnded()).isEqualTo(2);
    }

    @Test
    void names_the_requests_that_were_cut() {
        CutRequest first = new CutRequest("GET", "/events", 5, new Target("127.0.0.1", 8080));
        CutRequest second = new CutRequest("GET", "/poll", 7, new Target("127.0.0.1", 8080));

        retirement.countCut(first);
        retirement.countCut(second);

        assertThat(retirement.cut().count()).isEqualTo(2);
        assertThat(retirement.cut().named()).containsExactly(first, second);
    }

    @Test
    void is_over_at_once_if_the_drain_has_no_time() {
        assertThat(Retirement.within(Duration.ZERO, EndReason.STOPPING, 1).leftMillis())
                .isZero();
        assertThat(retirement.leftMillis()).isPositive().isLessThanOrEqualTo(24_000);
    }
}
