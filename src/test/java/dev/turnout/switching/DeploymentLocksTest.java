package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TestClock;
import dev.turnout.switching.DeploymentLocks.Answer;
import dev.turnout.switching.DeploymentLocks.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DeploymentLocksTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
    private final DeploymentLocks locks = new DeploymentLocks(clock, nanoTime::get);

    private void pass(Duration time) {
        clock.pass(time);
        nanoTime.addAndGet(time.toNanos());
    }

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
        pass(Duration.ofSeconds(50));
        Held renewed = ((Answer.Granted) locks.renew("default", first.id(), "minji", MINUTE)).lock();
        pass(Duration.ofSeconds(50));

        assertThat(renewed.since()).isEqualTo(first.since());
        assertThat(locks.take("default", "jun", MINUTE)).isEqualTo(new Answer.Taken(renewed));

        pass(Duration.ofSeconds(10));
        assertThat(locks.holder("default")).isEmpty();
        assertThat(take("jun").owner()).isEqualTo("jun");
        assertThat(locks.renew("default", first.id(), "minji", MINUTE)).isInstanceOf(Answer.Taken.class);
    }

    @Test
    void a_clock_that_is_put_back_does_not_keep_a_lock_that_nobody_renews() {
        take("minji");
        clock.pass(Duration.ofHours(-3));

        Instant soon = clock.instant().plus(MINUTE);
        assertThat(locks.holder("default").orElseThrow().expiresAt()).isEqualTo(soon);

        pass(MINUTE);
        assertThat(locks.holder("default")).isEmpty();
        assertThat(take("jun").owner()).isEqualTo("jun");
    }

    @Test
    void a_clock_that_is_put_forward_lets_no_second_deployer_in() {
        Held first = take("minji");
        clock.pass(Duration.ofHours(3));

        assertThat(locks.take("default", "jun", MINUTE)).isInstanceOf(Answer.Taken.class);
        assertThat(locks.renew("default", first.id(), "minji", MINUTE)).isInstanceOf(Answer.Granted.class);
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
