package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Latencies;
import dev.turnout.support.Guards;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class JudgementTest {

    private static Latencies times(long count, double millis) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucket((long) (millis * TimeUnit.MILLISECONDS.toNanos(1)))] = count;
        return Latencies.of(counts, 0);
    }

    private static SlotTraffic traffic(long requests, long errors, Latencies latencies) {
        return new SlotTraffic(requests, requests, errors, 0, latencies);
    }

    private static SlotTraffic traffic(long requests, long errors) {
        return traffic(requests, errors, times(requests, 5));
    }

    private static WatchVerdict verdict(SlotTraffic before, SlotTraffic after) {
        return Judgement.of(before, after, List.of(after.latencies())).verdict();
    }

    @Test
    @Guards("F16")
    void three_requests_decide_nothing() {
        Judgement few = Judgement.of(traffic(10_000, 0), traffic(3, 3), List.of(times(3, 900)));

        assertThat(few.verdict()).isEqualTo(WatchVerdict.INCONCLUSIVE);
        assertThat(few.reason()).contains("3 requests").contains("100");
        assertThat(Judgement.isPlainlyWorse(traffic(10_000, 0), traffic(3, 3))).isFalse();
        assertThat(verdict(traffic(10_000, 0), traffic(99, 99))).isEqualTo(WatchVerdict.INCONCLUSIVE);
        assertThat(verdict(traffic(99, 0), traffic(1000, 500))).isEqualTo(WatchVerdict.INCONCLUSIVE);
    }

    @Test
    void a_slot_that_fails_where_the_other_did_not_is_worse() {
        assertThat(verdict(traffic(10_000, 0), traffic(100, 5))).isEqualTo(WatchVerdict.WORSE);
        assertThat(verdict(traffic(10_000, 10), traffic(10_000, 150))).isEqualTo(WatchVerdict.WORSE);
        assertThat(Judgement.of(traffic(10_000, 0), traffic(200, 20), List.of(times(200, 5)))
                        .reason())
                .isEqualTo("it fails more often: 20 of 200 requests failed (10.00 %), before 0 of 10000 (0.00 %)");
    }

    @Test
    void what_failed_before_as_much_is_not_the_new_slots_fault() {
        assertThat(verdict(traffic(10_000, 1_000), traffic(1_000, 105))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        assertThat(verdict(traffic(10_000, 10_000), traffic(1_000, 1_000))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        assertThat(verdict(traffic(10_000, 5_000), traffic(1_000, 0))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
    }

    @Test
    void a_difference_that_does_not_matter_counts_for_nothing_however_sure_it_is() {
        assertThat(verdict(traffic(1_000_000, 0), traffic(1_000_000, 5_000))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
    }

    @Test
    void a_slot_whose_slowest_are_much_slower_is_worse() {
        SlotTraffic before = traffic(10_000, 0, times(10_000, 20));
        SlotTraffic after = traffic(1_000, 0, times(900, 20).plus(times(100, 200)));

        Judgement slower = Judgement.of(before, after, List.of(after.latencies()));
        assertThat(slower.verdict()).isEqualTo(WatchVerdict.WORSE);
        assertThat(slower.reason()).contains("slower").contains("1000 answers");
    }

    @Test
    void the_first_answers_may_be_slow_if_the_later_ones_are_not() {
        SlotTraffic before = traffic(10_000, 0, times(10_000, 20));
        SlotTraffic after = traffic(1_000, 0, times(500, 20).plus(times(500, 200)));

        assertThat(Judgement.of(before, after, List.of(times(500, 20))).verdict())
                .isEqualTo(WatchVerdict.BETTER_OR_SAME);
    }

    @Test
    void some_milliseconds_more_are_no_matter() {
        assertThat(verdict(traffic(10_000, 0, times(10_000, 1)), traffic(10_000, 0, times(10_000, 9))))
                .isEqualTo(WatchVerdict.BETTER_OR_SAME);
    }

    @Test
    void where_too_few_have_answered_in_the_end_all_of_the_watch_is_judged() {
        SlotTraffic before = traffic(10_000, 0);

        assertThat(Judgement.of(before, traffic(120, 0, times(120, 5_000)), List.of(times(30, 5_000), times(30, 5_000)))
                        .verdict())
                .isEqualTo(WatchVerdict.WORSE);
        assertThat(Judgement.of(before, traffic(120, 0, times(120, 5)), List.of(times(30, 5), times(30, 5)))
                        .verdict())
                .isEqualTo(WatchVerdict.BETTER_OR_SAME);
    }

    @Test
    void a_single_pause_is_not_yet_a_slow_version() {
        SlotTraffic before = traffic(10_000, 0, times(10_000, 5));
        Latencies paused = times(1_900, 5).plus(times(100, 250));

        assertThat(Judgement.of(before, traffic(4_000, 0), List.of(paused, times(2_000, 5)))
                        .verdict())
                .isEqualTo(WatchVerdict.BETTER_OR_SAME);
        assertThat(Judgement.of(before, traffic(4_000, 0), List.of(paused, paused))
                        .verdict())
                .isEqualTo(WatchVerdict.WORSE);
    }

    @Test
    void one_reload_of_a_page_that_is_always_broken_is_no_verdict() {
        assertThat(verdict(traffic(30_000, 0), traffic(100, 1))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        assertThat(verdict(traffic(30_000, 0), traffic(120, 4))).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        assertThat(Judgement.isPlainlyWorse(traffic(30_000, 0), traffic(100, 9)))
                .isFalse();
    }

    /** An end point that takes long for two in a hundred, and hardly any requests before by which it could be known. */
    @Test
    void a_thin_past_does_not_make_the_present_worse() {
        Random random = new Random(11);
        int wrong = 0;
        for (int i = 0; i < 2_000; i++) {
            SlotTraffic before = twoSpeeds(random, 100 + random.nextInt(300));
            SlotTraffic after = twoSpeeds(random, 3_000);
            wrong += verdict(before, after) == WatchVerdict.WORSE ? 1 : 0;
        }
        assertThat(wrong).isLessThan(20);
    }

    private static SlotTraffic twoSpeeds(Random random, int requests) {
        int slow = 0;
        for (int i = 0; i < requests; i++) {
            slow += random.nextInt(50) == 0 ? 1 : 0;
        }
        return traffic(requests, 0, times(requests - slow, 10).plus(times(slow, 500)));
    }

    /** The same traffic on both sides, dealt out by chance: one in a hundred and less may be taken for worse. */
    @Test
    void chance_alone_is_hardly_ever_taken_for_worse() {
        Random random = new Random(7);
        int wrong = 0;
        for (int i = 0; i < 2_000; i++) {
            int requests = 100 + random.nextInt(3_000);
            SlotTraffic before = drawn(random, 5_000);
            SlotTraffic after = drawn(random, requests);
            if (verdict(before, after) == WatchVerdict.WORSE || Judgement.isPlainlyWorse(before, after)) {
                wrong++;
            }
        }
        assertThat(wrong).isLessThan(20);
    }

    private static SlotTraffic drawn(Random random, int requests) {
        long[] counts = new long[Latencies.BUCKETS];
        long errors = 0;
        for (int i = 0; i < requests; i++) {
            double millis = 10 * Math.exp(random.nextGaussian());
            counts[Latencies.bucket((long) (millis * 1_000_000))]++;
            errors += random.nextInt(50) == 0 ? 1 : 0;
        }
        return traffic(requests, errors, Latencies.of(counts, 0));
    }
}
