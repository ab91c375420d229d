package dev.turnout.switching;

import static dev.turnout.switching.RehearsalVerdict.BETTER_OR_SAME;
import static dev.turnout.switching.RehearsalVerdict.FAILS;
import static dev.turnout.switching.RehearsalVerdict.SLOWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RehearsalFigures;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A rehearsal finds the worse version, and lets the good one pass")
final class RehearsalJudgementTest {

    private static final int REQUESTS = 5_000;
    private static final int RUNS = 100;

    /**
     * Two versions that answer the same requests.
     *
     * @param errors the share of requests that each fails by chance
     * @param more the share that the idle slot fails beyond that
     * @param slower the factor of its times
     * @param spread of the logarithm of times: a request takes about so much longer than another one
     */
    private record Versions(double errors, double more, double slower, double spread, double pauses) {

        RehearsalFigures rehearse(long seed, int requests) {
            Random random = new Random(seed);
            long[] active = new long[Latencies.BUCKETS];
            long[] idle = new long[Latencies.BUCKETS];
            long[] counts = new long[4];
            for (int i = 0; i < requests; i++) {
                double work = 20e6 * Math.exp(spread * 0.7 * random.nextGaussian());
                active[bucket(work * noise(random))]++;
                double pause = random.nextDouble() < pauses ? 400e6 : 0;
                idle[bucket(work * slower * noise(random) + pause)]++;
                boolean activeFails = random.nextDouble() < errors;
                boolean idleFails = random.nextDouble() < errors + more;
                counts[0] += activeFails ? 1 : 0;
                counts[1] += idleFails ? 1 : 0;
                counts[2] += activeFails && !idleFails ? 1 : 0;
                counts[3] += idleFails && !activeFails ? 1 : 0;
            }
            return new RehearsalFigures(
                    5,
                    true,
                    1,
                    requests,
                    0,
                    counts[0],
                    counts[1],
                    counts[2],
                    counts[3],
                    0,
                    Latencies.of(active, 0),
                    Latencies.of(idle, 0));
        }

        private double noise(Random random) {
            return Math.exp(spread * 0.7 * random.nextGaussian());
        }

        private static int bucket(double nanos) {
            return Latencies.bucket((long) nanos);
        }

        long runs(RehearsalVerdict verdict, int requests) {
            return IntStream.range(0, RUNS)
                    .filter(seed ->
                            RehearsalJudgement.of(rehearse(seed, requests)).verdict() == verdict)
                    .count();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "0, 0.5", "0, 1.0", "0.001, 0.5", "0.01, 0.5", "0.2, 0.5"})
    void the_good_version_passes_in_100_of_100_runs(double errors, double spread) {
        assertThat(new Versions(errors, 0, 1, spread, 0).runs(BETTER_OR_SAME, REQUESTS))
                .isEqualTo(RUNS);
        assertThat(new Versions(errors, 0, 1, spread, 0).runs(BETTER_OR_SAME, 300))
                .isEqualTo(RUNS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001})
    void one_error_in_a_hundred_requests_more_is_found_in_100_of_100_runs(double errors) {
        assertThat(new Versions(errors, 0.01, 1, 0.5, 0).runs(FAILS, REQUESTS)).isEqualTo(RUNS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1.0})
    void a_version_that_is_30_percent_slower_is_found_in_100_of_100_runs(double spread) {
        assertThat(new Versions(0.001, 0, 1.3, spread, 0).runs(SLOWER, REQUESTS))
                .isEqualTo(RUNS);
    }

    @Test
    void a_version_whose_slowest_answers_alone_are_slower_is_found() {
        assertThat(new Versions(0, 0, 1, 0.5, 0.02).runs(SLOWER, REQUESTS)).isEqualTo(RUNS);
    }

    @Test
    void a_few_percent_slower_is_no_difference_and_faster_is_none_either() {
        assertThat(new Versions(0, 0, 1.05, 0.5, 0).runs(BETTER_OR_SAME, REQUESTS))
                .isEqualTo(RUNS);
        assertThat(new Versions(0, 0, 0.5, 0.5, 0).runs(BETTER_OR_SAME, REQUESTS))
                .isEqualTo(RUNS);
    }

    @Test
    void requests_that_both_slots_fail_say_nothing() {
        RehearsalFigures bad =
                new RehearsalFigures(5, true, 1, 1_000, 0, 400, 400, 0, 0, 0, Latencies.NONE, Latencies.NONE);
        assertThat(RehearsalJudgement.of(bad).verdict()).isEqualTo(BETTER_OR_SAME);
    }

    @Test
    void the_reason_has_the_figures() {
        RehearsalFigures bad =
                new RehearsalFigures(5, true, 1, 1_000, 0, 3, 43, 0, 40, 0, Latencies.NONE, Latencies.NONE);
        assertThat(RehearsalJudgement.of(bad).reason())
                .isEqualTo(
                        "the idle slot fails more often: 43 of 1000 copies failed, and 3 of the requests; 40 failed in"
                                + " the idle slot alone, and 0 in the active slot alone");
    }
}
