package dev.turnout.health;

import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import java.time.Duration;
import java.util.Optional;

/** Plans for tests: quick, but with time enough for a slow machine. */
final class Plans {

    private Plans() {}

    static ProbePlan quick(int rise, int fall) {
        return new ProbePlan(
                "/",
                Duration.ofMillis(5),
                Duration.ofSeconds(10),
                rise,
                fall,
                StatusRanges.parse("200-399"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TargetProtocol.HTTP1,
                Optional.empty(),
                Optional.empty());
    }
}
