package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.acme.IssuingRight.Held;
import dev.turnout.support.Guards;
import dev.turnout.support.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IssuingRightTest {

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(Instant.now());

    private LeaseRight of(String owner) {
        return new LeaseRight(folder, owner, clock);
    }

    @Test
    void a_lease_is_one_owners_until_it_is_given_back() {
        Held first = of("a").take().orElseThrow();
        assertThat(of("b").take()).isEmpty();

        first.close();

        try (Held second = of("b").take().orElseThrow()) {
            assertThat(second.fence()).isGreaterThan(first.fence());
            assertThat(first.isStillOurs()).isFalse();
        }
    }

    @Test
    @Guards("T5")
    void the_lease_of_a_dead_process_expires_after_a_minute() {
        Held dead = of("dead").take().orElseThrow();
        clock.pass(Duration.ofSeconds(59));
        assertThat(of("b").take()).isEmpty();

        clock.pass(Duration.ofSeconds(2));

        try (Held next = of("b").take().orElseThrow()) {
            assertThat(next.isStillOurs()).isTrue();
            assertThat(dead.isStillOurs()).isFalse();
        }
        dead.close();
    }

    @Test
    void a_lease_that_a_clock_ahead_has_left_holds_for_nobody() {
        Held ahead = new LeaseRight(
                        folder, "ahead", new TestClock(clock.instant().plus(Duration.ofDays(1))))
                .take()
                .orElseThrow();

        try (Held next = of("b").take().orElseThrow()) {
            assertThat(next.fence()).isGreaterThan(ahead.fence());
            assertThat(ahead.isStillOurs()).isFalse();
            assertThat(ahead.isTaken()).isTrue();
            assertThat(next.isTaken()).isFalse();
        }
        ahead.close();
    }

    @Test
    void clocks_that_differ_by_less_than_a_minute_leave_a_lease_alone() {
        Held ahead = new LeaseRight(
                        folder, "ahead", new TestClock(clock.instant().plusSeconds(59)))
                .take()
                .orElseThrow();

        assertThat(of("b").take()).isEmpty();

        ahead.close();
    }

    @Test
    void a_lease_that_could_not_be_renewed_was_not_taken_by_another_process() {
        Held late = of("late").take().orElseThrow();

        clock.pass(Duration.ofSeconds(61));

        assertThat(late.isStillOurs()).isFalse();
        assertThat(late.isTaken()).isFalse();
        late.close();
    }

    @Test
    void a_process_that_was_too_slow_does_not_take_the_lease_away_by_its_end() {
        Held slow = of("slow").take().orElseThrow();
        clock.pass(Duration.ofSeconds(61));
        Held next = of("b").take().orElseThrow();

        slow.close();

        assertThat(next.isStillOurs()).isTrue();
        assertThat(of("c").take()).isEmpty();
        next.close();
    }

    @Test
    void of_many_that_try_at_once_one_gets_the_lease() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int round = 0; round < 20; round++) {
            List<Future<Optional<Held>>> tries = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String owner = "process-" + i;
                tries.add(threads.submit(() -> of(owner).take()));
            }
            List<Held> held = new ArrayList<>();
            for (Future<Optional<Held>> each : tries) {
                each.get().ifPresent(held::add);
            }
            assertThat(held).hasSize(1);
            held.forEach(Held::close);
        }
        threads.shutdownNow();
    }

    @Test
    void a_lease_file_that_is_damaged_holds_for_a_minute() throws Exception {
        Files.writeString(folder.resolve("lease.5"), "{");
        assertThat(of("a").take()).isEmpty();

        clock.pass(Duration.ofMinutes(2));

        try (Held held = of("a").take().orElseThrow()) {
            assertThat(held.fence()).isEqualTo(6);
        }
    }

    @Test
    void on_one_machine_the_right_is_one_processes() {
        HostRight right = new HostRight(folder);
        try (Held held = right.take().orElseThrow()) {
            assertThat(held.isStillOurs()).isTrue();
            assertThat(new HostRight(folder).take()).isEmpty();
        }
        assertThat(right.take()).hasValueSatisfying(Held::close);
    }
}
