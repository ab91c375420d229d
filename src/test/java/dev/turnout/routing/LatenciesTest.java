package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {

    @Test
    void of_equal_times_half_are_longer_and_of_times_that_are_longer_by_some_buckets_more() {
        Latencies some = of(LongStream.rangeClosed(1, 1_000).map(i -> i * 100));
        assertThat(some.longerThan(some, 0)).isCloseTo(0.5, within(1e-9));
        assertThat(some.longerThan(some, 3)).isLessThan(0.5);
        assertThat(of(LongStream.of(1_000)).longerThan(of(LongStream.of(500)), 0))
                .isEqualTo(1);
        assertThat(of(LongStream.of(500)).longerThan(of(LongStream.of(1_000)), 0))
                .isZero();
        assertThat(of(LongStream.of(550)).longerThan(of(LongStream.of(500)), 1)).isEqualTo(0.5);
        assertThat(Latencies.NONE.longerThan(some, 0)).isEqualTo(0.5);
    }

    private static Latencies of(LongStream micros) {
        long[] counts = new long[Latencies.BUCKETS];
        micros.forEach(time -> counts[Latencies.bucket(TimeUnit.MICROSECONDS.toNanos(time))]++);
        return Latencies.of(counts, 0);
    }

    @Test
    void buckets_follow_one_another_and_every_time_has_one() {
        assertThat(Latencies.bucket(-1)).isZero();
        assertThat(Latencies.bucket(0)).isZero();
        assertThat(Latencies.bucket(Long.MAX_VALUE)).isEqualTo(Latencies.BUCKETS - 1);
        int last = 0;
        for (long micros = 0; micros < 300_000_000; micros += 1 + micros / 100) {
            int bucket = Latencies.bucket(TimeUnit.MICROSECONDS.toNanos(micros));
            assertThat(bucket).isBetween(last, last + 1);
            last = bucket;
        }
        assertThat(last).isEqualTo(Latencies.BUCKETS - 1);
    }

    @Test
    void a_quantile_is_off_by_an_eighth_at_most() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long micros = (long) Math.exp(Math.log(100) + random.nextDouble() * Math.log(1_000_000));
            double millis = of(LongStream.of(micros)).quantileMillis(0.99);
            assertThat(millis).isBetween(micros / 1000.0, micros / 1000.0 * 1.126);
        }
    }

    @Test
    void the_p99_is_what_one_in_a_hundred_takes_longer_than() {
        Latencies latencies = of(LongStream.rangeClosed(1, 100).map(millis -> millis * 1000));

        assertThat(latencies.count()).isEqualTo(100);
        assertThat(latencies.quantileMillis(0.5)).isCloseTo(50, within(7.0));
        assertThat(latencies.quantileMillis(0.99)).isCloseTo(99, within(13.0));
        assertThat(latencies.quantileMillis(1)).isCloseTo(100, within(13.0));
        assertThat(Latencies.NONE.quantileMillis(0.99)).isZero();
    }

    @Test
    void slower_are_those_in_the_buckets_above() {
        Latencies latencies = of(LongStream.of(1_000, 10_000, 100_000, 1_000_000));

        assertThat(latencies.slowerThan(5)).isEqualTo(3);
        assertThat(latencies.slowerThan(50)).isEqualTo(2);
        assertThat(latencies.slowerThan(5_000)).isZero();
        assertThat(latencies.slowerThan(1e9)).isZero();
    }

    @Test
    void they_are_added_and_an_earlier_part_is_taken_away() {
        Latencies early = of(LongStream.of(1_000, 1_000));
        Latencies more = of(LongStream.of(50_000));

        assertThat(early.plus(more)).isEqualTo(of(LongStream.of(1_000, 1_000, 50_000)));
        assertThat(early.plus(more).minus(early)).isEqualTo(more);
        assertThat(early.minus(Latencies.NONE)).isEqualTo(early);
    }

    @Test
    void counts_of_another_shape_are_refused_and_kept_apart() {
        assertThatThrownBy(() -> Latencies.of(new long[3], 0)).isInstanceOf(IllegalArgumentException.class);
        long[] counts = new long[Latencies.BUCKETS];
        Latencies none = Latencies.of(counts, 0);
        counts[0] = 5;
        assertThat(none).isEqualTo(Latencies.NONE);
    }
}
