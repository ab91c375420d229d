package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RateLimitTest {

    private static final long START = Long.MAX_VALUE - 1_000;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final RateLimit limit = limit("login");

    RateLimitTest() {
        limit.share(RateBuckets.MOST_BYTES, START);
    }

    private static RateLimit limit(String rule) {
        return new RateLimit(new RateLimit.Id("shop", rule, 10, Duration.ofSeconds(1), 5));
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private long granted(InetAddress client, int tries, long nanos) {
        return IntStream.range(0, tries)
                .filter(i -> limit.take(client, nanos) == 0)
                .count();
    }

    /** The clock of nanoseconds may overflow at any time. */
    @Test
    void a_burst_is_let_through_and_then_the_rate() {
        assertThat(granted(client(1), 20, START)).isEqualTo(5);
        assertThat(limit.take(client(1), START)).isEqualTo(1);
        assertThat(granted(client(1), 20, START + 99 * MILLI)).isZero();
        assertThat(granted(client(1), 20, START + 100 * MILLI)).isEqualTo(1);
        assertThat(granted(client(1), 20, START + 400 * MILLI)).isEqualTo(3);
        assertThat(granted(client(1), 20, START + 60_000 * MILLI)).isEqualTo(5);
    }

    @Test
    void each_client_has_its_own_bucket_however_many_there_are() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 200_000; i++) {
                assertThat(limit.take(client(i), START + round * 10_000 * MILLI))
                        .isZero();
            }
        }
    }

    @Test
    void a_client_that_goes_on_is_held_while_few_others_come() {
        assertThat(granted(client(1), 20, START)).isEqualTo(5);
        for (int i = 2; i < 5_000; i++) {
            limit.take(client(i), START);
        }
        assertThat(granted(client(1), 20, START)).isZero();
    }

    @Test
    void memory_is_taken_as_clients_come_and_never_more_than_the_share() {
        assertThat(limit.usedBytes()).isZero();
        for (int i = 0; i < 10; i++) {
            limit.take(client(i), START);
        }
        assertThat(limit.usedBytes()).isBetween(1L, 10L << 10);
        for (int i = 0; i < 200_000; i++) {
            limit.take(client(i), START);
        }
        assertThat(limit.usedBytes()).isEqualTo(RateBuckets.MOST_BYTES);
    }

    @Test
    void another_share_keeps_the_buckets_that_are_not_full() {
        assertThat(granted(client(1), 5, START)).isEqualTo(5);
        assertThat(granted(client(2), 3, START)).isEqualTo(3);

        limit.share(RateBuckets.LEAST_BYTES, START);
        assertThat(granted(client(1), 5, START)).isZero();
        assertThat(granted(client(2), 5, START)).isEqualTo(2);

        limit.share(RateBuckets.MOST_BYTES, START);
        assertThat(granted(client(1), 5, START)).isZero();
        assertThat(granted(client(2), 5, START)).isZero();
    }

    @Test
    void a_smaller_share_keeps_the_buckets_that_are_full_last() {
        for (int i = 0; i < 20_000; i++) {
            limit.take(client(i), START);
        }
        List<InetAddress> last =
                IntStream.range(50_000, 50_050).mapToObj(RateLimitTest::client).toList();
        last.forEach(client -> granted(client, 5, START));

        limit.share(RateBuckets.LEAST_BYTES, START);

        assertThat(last.stream().filter(client -> limit.take(client, START) > 0))
                .hasSizeGreaterThan(45);
        assertThat(limit.usedBytes()).isEqualTo(RateBuckets.LEAST_BYTES);
    }

    @Test
    void many_threads_together_get_no_more_than_the_burst() {
        assertThat(limit.take(client(7), START)).isZero();

        assertThat(IntStream.range(0, 10_000)
                        .parallel()
                        .filter(i -> limit.take(client(7), START) == 0)
                        .count())
                .isEqualTo(4);
    }
}
