package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class DeadlineTest {

    @Test
    @DisplayName("a deadline of no time is over at once, and leaves nothing")
    void over() {
        Deadline now = Deadline.after(Duration.ZERO);

        assertThat(now.isOver()).isTrue();
        assertThat(now.leftMillis()).isZero();
    }

    @Test
    @DisplayName("a deadline an hour away is not over, and leaves an hour")
    void ahead() {
        Deadline later = Deadline.after(Duration.ofHours(1));

        assertThat(later.isOver()).isFalse();
        assertThat(later.leftMillis())
                .isBetween(
                        Duration.ofMinutes(59).toMillis(), Duration.ofHours(1).toMillis());
    }

    @Test
    @DisplayName("a wait ends once its condition holds")
    void condition() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();

        boolean holds = Deadline.after(Duration.ofHours(1)).await(() -> looks.incrementAndGet() == 3, 1);

        assertThat(holds).isTrue();
        assertThat(looks).hasValue(3);
    }

    @Test
    @DisplayName("a wait ends at the deadline if its condition never holds")
    void inVain() throws InterruptedException {
        Deadline soon = Deadline.after(Duration.ofMillis(20));

        assertThat(soon.await(() -> false, 1)).isFalse();
        assertThat(soon.isOver()).isTrue();
    }
}
