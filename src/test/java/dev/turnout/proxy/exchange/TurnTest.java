package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TurnTest {

    @ParameterizedTest
    @CsvSource({
        "true, true, TARGET_ANSWERS",
        "true, false, TARGET_ANSWERS",
        "false, true, CLIENT_SENDS",
        "false, false, TARGET_TAKES"
    })
    void before_a_response(boolean requestWhole, boolean targetTakes, Turn turn) {
        assertThat(Turn.beforeResponse(requestWhole, targetTakes)).isEqualTo(turn);
    }

    @ParameterizedTest
    @CsvSource({
        "false, true, true, TARGET_SENDS",
        "false, false, true, TARGET_SENDS",
        "true, true, true, CLIENT_SENDS",
        "true, false, true, TARGET_TAKES",
        "false, true, false, CLIENT_TAKES",
        "false, false, false, CLIENT_TAKES",
        "true, true, false, CLIENT_TAKES",
        "true, false, false, CLIENT_TAKES"
    })
    void during_a_response(boolean uploading, boolean targetTakes, boolean clientTakes, Turn turn) {
        assertThat(Turn.duringResponse(uploading, targetTakes, clientTakes)).isEqualTo(turn);
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, NOBODY",
        "false, true, TARGET_TAKES",
        "true, false, CLIENT_TAKES",
        "false, false, CLIENT_TAKES"
    })
    void in_a_tunnel(boolean targetTakes, boolean clientTakes, Turn turn) {
        assertThat(Turn.inTunnel(targetTakes, clientTakes)).isEqualTo(turn);
    }

    @ParameterizedTest
    @CsvSource({
        // One long turn, whatever has passed.
        "1000, 1000, 0, true",
        "1000, 5000, 100000000, true",
        "999, 999, 0, false",
        // Many short turns: what counts is how much has passed in them.
        "400, 1000, 63999, true",
        "400, 1000, 64000, false",
        "400, 60000, 3839999, true",
        "400, 60000, 3840000, false",
        "0, 999, 0, false"
    })
    void a_client_stalls_by_one_long_turn_or_by_many_in_which_little_passes(
            long millis, long allMillis, long bytes, boolean isStall) {
        assertThat(Turn.isStall(millis, allMillis, bytes)).isEqualTo(isStall);
    }
}
