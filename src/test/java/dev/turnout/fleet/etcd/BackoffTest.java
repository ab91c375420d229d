package dev.turnout.fleet.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pauses between tries of etcd")
final class BackoffTest {

    private final Backoff backoff = new Backoff(new Random(1));

    @Test
    @DisplayName("Pauses double from 100 ms to 5 s, each between half and the whole")
    void pauses_double() {
        long[] most = {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000};

        for (long longest : most) {
            assertThat(backoff.nextMillis()).isBetween(longest / 2, longest);
        }
    }

    @Test
    @DisplayName("After a success the next pause is short again")
    void a_success_begins_anew() {
        LongStream.range(0, 10).forEach(i -> backoff.nextMillis());

        backoff.reset();

        assertThat(backoff.nextMillis()).isBetween(50L, 100L);
    }
}
