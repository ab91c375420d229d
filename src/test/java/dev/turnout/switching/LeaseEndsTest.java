package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The end of a lease")
final class LeaseEndsTest {

    private static final long START = Long.MAX_VALUE - 5;

    private final LeaseEnds<String> ends = new LeaseEnds<>(lease -> Duration.ofNanos(10));

    @Test
    void is_claimed_when_its_time_is_over_and_not_before() {
        assertThat(ends.claim("a", START)).isFalse();
        assertThat(ends.claim("a", START + 9)).isFalse();
        assertThat(ends.renew("a", START + 9)).isTrue();
        assertThat(ends.claim("a", START + 18)).isFalse();
        assertThat(ends.claim("a", START + 19)).isTrue();
    }

    @Test
    void that_is_claimed_is_not_renewed_until_it_is_given_back() {
        ends.renew("a", START);
        assertThat(ends.claim("a", START + 10)).isTrue();
        assertThat(ends.renew("a", START + 10)).isFalse();

        ends.giveBack("a");

        assertThat(ends.renew("a", START + 11)).isTrue();
        assertThat(ends.claim("a", START + 12)).isFalse();
    }

    @Test
    void of_a_lease_that_comes_again_is_a_whole_time_away() {
        ends.renew("a", START);
        ends.claim("a", START + 10);
        ends.forget("a");
        assertThat(ends.claim("a", START + 100)).isFalse();

        ends.claim("a", START + 110);
        ends.retain(Set.of("b"));
        assertThat(ends.renew("a", START + 200)).isTrue();
    }

    @Test
    void is_claimed_or_the_lease_is_renewed_at_the_same_instant_but_never_both() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int i = 0; i < 2_000; i++) {
            String lease = "lease" + i;
            ends.renew(lease, 0);
            CompletableFuture<Boolean> renewed = CompletableFuture.supplyAsync(() -> {
                await(together);
                return ends.renew(lease, 10);
            });
            await(together);
            boolean isClaimed = ends.claim(lease, 10);

            assertThat(renewed.get()).isNotEqualTo(isClaimed);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
