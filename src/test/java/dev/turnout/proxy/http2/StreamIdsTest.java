package dev.turnout.proxy.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http2.StreamIds.End;
import dev.turnout.proxy.http2.StreamIds.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class StreamIdsTest {

    private final StreamIds ofClient = new StreamIds(true);
    private final StreamIds ofTarget = new StreamIds(false);

    @Test
    void lets_a_client_open_odd_streams_in_their_order() {
        assertThat(ofClient.fateOf(FrameType.HEADERS, 1)).isEqualTo(Fate.OPENS);
        ofClient.opened(1);
        assertThat(ofClient.fateOf(FrameType.HEADERS, 7)).isEqualTo(Fate.OPENS);
        ofClient.opened(7);
        assertThat(ofClient.highest()).isEqualTo(7);
        violates(ofClient, FrameType.HEADERS, 5, Violation.STREAM_ID_REUSED);
        violates(ofClient, FrameType.HEADERS, 8, Violation.BAD_STREAM_ID);
        violates(ofClient, FrameType.HEADERS, 2, Violation.BAD_STREAM_ID);
    }

    @Test
    void lets_a_target_open_none() {
        violates(ofTarget, FrameType.HEADERS, 1, Violation.IDLE_STREAM);
        violates(ofTarget, FrameType.HEADERS, 2, Violation.BAD_STREAM_ID);
        ofTarget.opened(1);
        ofTarget.ended(1, End.WHOLE);
        violates(ofTarget, FrameType.HEADERS, 1, Violation.STREAM_GONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "RST_STREAM", "WINDOW_UPDATE"})
    void lets_nothing_come_for_a_stream_that_is_idle(FrameType type) {
        violates(ofClient, type, 1, Violation.IDLE_STREAM);
        ofClient.opened(3);
        violates(ofClient, type, 5, Violation.IDLE_STREAM);
        violates(ofClient, type, 2, Violation.IDLE_STREAM);
    }

    @ParameterizedTest
    @EnumSource(names = {"HEADERS", "DATA", "RST_STREAM", "WINDOW_UPDATE"})
    void passes_by_what_comes_for_a_stream_that_is_not_taken_any_more(FrameType type) {
        ofClient.opened(1);
        ofClient.takeNoMore();

        assertThat(ofClient.fateOf(type, 3)).isEqualTo(Fate.IGNORED);
        assertThat(ofClient.highest()).isEqualTo(1);
        violates(ofClient, type, 2, type == FrameType.HEADERS ? Violation.BAD_STREAM_ID : Violation.IDLE_STREAM);
    }

    @Test
    void passes_by_priority_wherever_it_comes() {
        assertThat(ofClient.fateOf(FrameType.PRIORITY, 9)).isEqualTo(Fate.IGNORED);
        assertThat(ofClient.fateOf(FrameType.PRIORITY, 2)).isEqualTo(Fate.IGNORED);
    }

    /** RFC 9113, section 5.1, closed. */
    @ParameterizedTest
    @CsvSource({
        "WHOLE, HEADERS, STREAM_GONE",
        "WHOLE, DATA, STREAM_GONE",
        "RESET_BY_PEER, HEADERS, STREAM_ENDED",
        "RESET_BY_PEER, DATA, STREAM_ENDED"
    })
    void lets_no_content_come_behind_the_end(End end, FrameType type, Violation violation) {
        ofClient.opened(1);
        ofClient.ended(1, end);
        violates(ofClient, type, 1, violation);
    }

    @ParameterizedTest
    @CsvSource({
        "WHOLE, WINDOW_UPDATE",
        "WHOLE, RST_STREAM",
        "RESET_BY_PEER, WINDOW_UPDATE",
        "RESET_HERE, WINDOW_UPDATE",
        "RESET_HERE, RST_STREAM",
        "RESET_HERE, DATA",
        "RESET_HERE, HEADERS"
    })
    void passes_by_what_was_on_its_way(End end, FrameType type) {
        ofClient.opened(1);
        ofClient.ended(1, end);
        assertThat(ofClient.fateOf(type, 1)).isEqualTo(Fate.IGNORED);
    }

    @Test
    void forgets_how_old_streams_ended() {
        for (int id = 1; id < 2000; id += 2) {
            ofClient.opened(id);
            ofClient.ended(id, End.RESET_HERE);
        }
        assertThat(ofClient.fateOf(FrameType.DATA, 1999)).isEqualTo(Fate.IGNORED);
        assertThat(ofClient.fateOf(FrameType.DATA, 1999 - 2 * 255)).isEqualTo(Fate.IGNORED);
        violates(ofClient, FrameType.DATA, 1999 - 2 * 256, Violation.STREAM_ENDED);
        violates(ofClient, FrameType.HEADERS, 1, Violation.STREAM_ID_REUSED);
    }

    @Test
    void follows_the_states_of_a_stream() {
        assertThat(StreamState.OPEN.endedByPeer()).isEqualTo(StreamState.HALF_CLOSED_REMOTE);
        assertThat(StreamState.OPEN.endedHere()).isEqualTo(StreamState.HALF_CLOSED_LOCAL);
        assertThat(StreamState.HALF_CLOSED_REMOTE.endedHere()).isEqualTo(StreamState.CLOSED);
        assertThat(StreamState.HALF_CLOSED_LOCAL.endedByPeer()).isEqualTo(StreamState.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void takes_content_until_the_peer_has_ended_the_stream(FrameType type) {
        boolean isContent = type == FrameType.DATA || type == FrameType.HEADERS;
        assertThat(StreamState.OPEN.receives(type)).isNull();
        assertThat(StreamState.HALF_CLOSED_LOCAL.receives(type)).isNull();
        assertThat(StreamState.HALF_CLOSED_REMOTE.receives(type)).isEqualTo(isContent ? Violation.STREAM_ENDED : null);
    }

    private static void violates(StreamIds ids, FrameType type, int id, Violation violation) {
        assertThat(ids.fateOf(type, id)).isEqualTo(Fate.VIOLATES);
        assertThat(ids.violation()).isEqualTo(violation);
    }
}
