package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

final class CutRequestsTest {

    private static final CutRequest ONE = new CutRequest("GET", "/", 1, new Target("a", 1));

    private static CutRequests some(int count) {
        return CutRequests.of(Collections.nCopies(count, ONE));
    }

    @Test
    void the_first_hundred_are_named_and_all_are_counted() {
        assertThat(some(100).unnamed()).isZero();
        assertThat(some(10_000).named()).hasSize(100);
        assertThat(some(10_000).count()).isEqualTo(10_000);
        assertThat(some(10_000).unnamed()).isEqualTo(9_900);
    }

    @Test
    void those_of_two_event_loops_are_counted_together() {
        for (int one : new int[] {0, 1, 99, 100, 101}) {
            for (int other : new int[] {0, 1, 99, 100, 101}) {
                CutRequests both = some(one).plus(some(other));
                assertThat(both.count()).isEqualTo(one + other);
                assertThat(both.named()).hasSize(Math.min(100, one + other));
            }
        }
    }

    @Test
    void what_a_client_chose_is_short_and_visible() {
        CutRequest cut = new CutRequest("M".repeat(9_000), "/\u001b[2J\u009b" + "a".repeat(15_000), 1, ONE.target());

        assertThat(cut.method()).hasSizeLessThanOrEqualTo(CutRequest.METHOD_CHARACTERS);
        assertThat(cut.path()).hasSize(256).startsWith("/\\u001b[2J\\u009baaa").endsWith("...(15006 characters)");
    }
}
