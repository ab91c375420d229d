package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When each stream ends, of a target that is taken out of service. */
final class RetirementTimesTest {

    private final Random random = new Random(13);

    @ParameterizedTest
    @CsvSource({
        "30, 1, 24000, 20, 4500, 1000",
        "60, 2, 48000, 40, 5000, 1000",
        "1, 4, 800, 80, 150, 200",
        "0, 1, 0, 20, 0, 0"
    })
    void the_times_are_parts_of_the_drain(int drainSeconds, int loops, long spread, long step, long grace, long quiet) {
        RetirementTimes times = RetirementTimes.within(Duration.ofSeconds(drainSeconds), loops);

        assertThat(times).isEqualTo(new RetirementTimes(spread, step, grace));
        assertThat(times.quietMillis()).isEqualTo(quiet);
    }

    @Test
    void few_streams_are_a_step_apart() {
        long[] places = RetirementTimes.within(Duration.ofSeconds(30), 2).places(10, random);

        for (int i = 0; i < places.length; i++) {
            assertThat(places[i]).isBetween(i * 40L, (i + 1) * 40L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 5000, 100_000})
    void all_places_are_within_the_spread_and_in_order(int count) {
        RetirementTimes times = RetirementTimes.within(Duration.ofSeconds(30), 2);

        long[] places = times.places(count, random);

        assertThat(places).hasSize(count).isSorted();
        assertThat(Arrays.stream(places)).allMatch(place -> place >= 0 && place <= times.spreadMillis());
    }

    @Test
    void many_streams_use_the_whole_spread() {
        long[] places = RetirementTimes.within(Duration.ofSeconds(30), 1).places(24_000, random);

        assertThat(places[places.length - 1]).isGreaterThan(23_990);
    }

    @ParameterizedTest
    @CsvSource({"30, 1000", "1, 800", "0, 0"})
    void a_latecomer_ends_within_a_second_and_within_the_spread(int drainSeconds, long most) {
        RetirementTimes times = RetirementTimes.within(Duration.ofSeconds(drainSeconds), 1);

        for (int i = 0; i < 1000; i++) {
            assertThat(times.latecomerPlace(random)).isBetween(0L, most);
        }
    }
}
