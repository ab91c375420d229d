package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TestClock;
import dev.turnout.switching.DeploymentLocks.Answer;
import dev.turnout.switching.DeploymentLocks.Held;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DeploymentLocksTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final DeploymentLocks locks = new DeploymentLocks(clock);

    private Held take(String owner) {
        return ((Answer.Granted) locks.take("default", owner, MINUTE)).lock();
    }

    @Test
    void one_deployer_at_a_time_has_the_lock_of_a_service() {
        Held first = take("minji");

        assertThat(locks.take("default", "jun", MINUTE)).isEqualTo(new Answer.Taken(first));
        assertThat(locks.take("shop", "jun", MINUTE)).isInstanceOf(Answer.Granted.class);
        assertThat(locks.holder("default")).contains(first);
    }

    @Test
    void a_lock_that_is_renewed_stays_and_one_that_is_not_expires() {
        Held first = take("minji");
        clock.pass(Duration.ofSeconds(50));
        Held renewed = ((Answer.Granted) locks.renew("default", first.id(), "minji", MINUTE)).lock();
        clock.pass(Duration.ofSeconds(50));

        assertThat(renewed.since()).isEqualTo(first.since());
        assertThat(locks.take("default", "jun", MINUTE)).isEqualTo(new Answer.Taken(renewed));

        clock.pass(Duration.ofSeconds(10));
        assertThat(locks.holder("default")).isEmpty();
        assertThat(take("jun").owner()).isEqualTo("jun");
        assertThat(locks.renew("default", first.id(), "minji", MINUTE)).isInstanceOf(Answer.Taken.class);
    }

    @Test
    void a_lock_that_a_restart_has_forgotten_is_taken_anew_by_its_renewal() {
        assertThat(locks.renew("default", "an-id-from-before", "minji", MINUTE)).isInstanceOf(Answer.Granted.class);
        assertThat(locks.holder("default").orElseThrow().id()).isEqualTo("an-id-from-before");
    }

    @Test
    void only_the_holder_frees_the_lock() {
        Held first = take("minji");

        assertThat(locks.free("default", "another")).isEqualTo(new Answer.Taken(first));
        assertThat(locks.free("default", first.id())).isEqualTo(new Answer.Free());
        assertThat(locks.free("default", first.id())).isEqualTo(new Answer.Free());
        assertThat(locks.holder("default")).isEmpty();
    }
}
