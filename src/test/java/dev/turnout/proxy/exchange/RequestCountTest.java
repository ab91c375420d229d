package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A connection gets what there is of requests up to half of the limit, and then a part of what is left")
final class RequestCountTest {

    @ParameterizedTest(name = "limit {0}, in flight {1} and {2}: a connection may have {3}")
    @CsvSource({
        "10000,    0,    0, 1000000",
        "10000, 2000, 2999, 1000000",
        "10000, 2500, 2500,   625",
        "10000, 9000,  200,   100",
        "10000,    0, 9999,     8",
        "10000, 9999,    1,     0",
        "10000, 9999,    2,     0",
        "  100,   40,    9, 1000000",
        "  100,   40,   10,     8",
        "    1,    0,    0,     8",
        "    1,    1,    0,     0",
    })
    void what_one_connection_may_have(int limit, int onOne, int onOther, int most) {
        RequestCount count = new RequestCount(2);
        count.note(0, onOne);
        count.note(1, onOther);
        assertThat(count.hasReached(limit, most + 1)).isEqualTo(most < 1_000_000);
        if (most > 0) {
            assertThat(count.hasReached(limit, most)).isFalse();
        }
    }
}
