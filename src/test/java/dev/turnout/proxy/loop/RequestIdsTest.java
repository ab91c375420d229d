package dev.turnout.proxy.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The request ids that event loops give. */
final class RequestIdsTest {

    @Test
    void an_id_is_32_hex_digits() {
        assertThat(next(new RequestIds(0, new Random(1)))).matches("[0-9a-f]{32}");
    }

    @Test
    void no_two_requests_have_the_same_id_although_two_event_loops_chose_the_same_digits() {
        RequestIds first = new RequestIds(0, new Random(1));
        RequestIds second = new RequestIds(1, new Random(1));
        Set<String> seen = new HashSet<>();

        for (int i = 0; i < 1000; i++) {
            assertThat(seen.add(next(first))).isTrue();
            assertThat(seen.add(next(second))).isTrue();
        }
    }

    private static String next(RequestIds ids) {
        ids.advance();
        return new String(ids.id(), US_ASCII);
    }
}
