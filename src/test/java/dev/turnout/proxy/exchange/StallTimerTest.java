package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.route.Patience;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The clock of one exchange. Each party has a time of its own, so that a test sees whose time was given. */
final class StallTimerTest {

    private static final long HEAD = 10_000;
    private static final long TARGET_BODY = 20_000;
    private static final long CLIENT_BODY = 30_000;
    private static final long LATE = ManualDeadlines.LATE_MILLIS;

    private final ManualDeadlines time = new ManualDeadlines();
    private final Parties parties = new Parties();
    private final StallTimer timer = new StallTimer(
            time.deadlines(),
            new Patience(HEAD, TARGET_BODY, CLIENT_BODY),
            () -> TimeUnit.MILLISECONDS.toNanos(time.millis()),
            parties);

    /** The two parties, as a test sets them. */
    private static final class Parties implements StallTimer.Parties {

        private Turn turn = Turn.TARGET_ACCEPTS;
        private long clientBacklog;
        private long targetBacklog;
        private long bytesPassed;
        private boolean halfClosed;
        private int timeOuts;

        @Override
        public Turn turn() {
            return turn;
        }

        @Override
        public long clientBacklog() {
            return clientBacklog;
        }

        @Override
        public long targetBacklog() {
            return targetBacklog;
        }

        @Override
        public long bytesPassed() {
            return bytesPassed;
        }

        @Override
        public boolean isHalfClosed() {
            return halfClosed;
        }

        @Override
        public void timedOut() {
            timeOuts++;
        }
    }

    private void turn(Turn next) {
        parties.turn = next;
        timer.update();
    }

    /** Asserts that nothing times out before this time from now has passed, and that the timer fires then. */
    private void assertFiresAfter(long millis) {
        int before = parties.timeOuts;
        time.pass(millis - 1);
        assertThat(parties.timeOuts).as("before the time").isEqualTo(before);
        time.pass(1 + LATE);
        assertThat(parties.timeOuts).as("after the time").isEqualTo(before + 1);
    }

    private void assertNeverFires() {
        time.pass(100 * CLIENT_BODY);
        assertThat(parties.timeOuts).isZero();
    }

    // --- Whose turn it is, and how long ----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "TARGET_ACCEPTS, 10000",
        "TARGET_ANSWERS, 10000",
        "TARGET_SENDS, 20000",
        "TARGET_TAKES, 20000",
        "CLIENT_SENDS, 30000",
        "CLIENT_TAKES, 30000"
    })
    void each_party_has_a_time_of_its_own(Turn turn, long millis) {
        parties.clientBacklog = 1;
        parties.targetBacklog = 1;
        turn(turn);
        assertThat(timer.turn()).isEqualTo(turn);
        assertFiresAfter(millis);
    }

    @Test
    void a_silent_tunnel_has_no_end() {
        turn(Turn.TARGET_ANSWERS);
        turn(Turn.NOBODY);
        assertNeverFires();
    }

    @Test
    void a_tunnel_that_is_half_closed_may_be_silent_for_as_long_as_a_client() {
        parties.halfClosed = true;
        turn(Turn.NOBODY);
        assertFiresAfter(CLIENT_BODY);
    }

    @Test
    void a_connection_has_the_time_of_a_response() {
        timer.connecting();
        assertFiresAfter(HEAD);
    }

    @Test
    void a_second_connection_goes_on_with_the_time_of_the_first() {
        timer.connecting();
        time.pass(HEAD / 2);
        timer.reconnecting();
        assertThat(timer.turn()).isEqualTo(Turn.TARGET_ACCEPTS);
        assertFiresAfter(HEAD / 2);
    }

    @Test
    void a_turn_that_is_given_again_begins_anew() {
        turn(Turn.TARGET_SENDS);
        time.pass(TARGET_BODY / 2);
        timer.update();
        assertFiresAfter(TARGET_BODY);
    }

    // --- Heartbeats ------------------------------------------------------------------------------------------------

    @Test
    void a_heartbeat_gives_the_target_its_time_anew() {
        turn(Turn.TARGET_ANSWERS);
        time.pass(HEAD / 2);
        timer.heartbeat(HEAD / 2);
        assertFiresAfter(HEAD);
    }

    @Test
    void heartbeats_put_a_response_off_by_no_more_than_ten_times() {
        turn(Turn.TARGET_ANSWERS);
        long waited = 0;
        while (parties.timeOuts == 0) {
            time.pass(HEAD / 2);
            waited += HEAD / 2;
            timer.heartbeat(waited);
            assertThat(waited).isLessThanOrEqualTo(11 * HEAD);
        }
        assertThat(waited).isGreaterThan(10 * HEAD);
    }

    @ParameterizedTest
    @EnumSource(
            value = Turn.class,
            names = {"TARGET_ANSWERS", "NOBODY"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_heartbeat_gives_time_only_to_a_target_that_has_to_answer(Turn turn) {
        turn(turn);
        long given = turn.isClients() ? CLIENT_BODY : turn == Turn.TARGET_ACCEPTS ? HEAD : TARGET_BODY;
        time.pass(given / 2);
        timer.heartbeat(0);
        assertFiresAfter(given / 2);
    }

    // --- Progress --------------------------------------------------------------------------------------------------

    @Test
    void a_client_that_takes_a_part_of_its_backlog_gets_its_time_anew() {
        parties.clientBacklog = 1000;
        turn(Turn.CLIENT_TAKES);
        parties.clientBacklog = 999;
        time.pass(CLIENT_BODY + LATE);
        assertThat(parties.timeOuts).isZero();
        assertFiresAfter(CLIENT_BODY);
    }

    @Test
    void a_target_that_takes_a_part_of_its_backlog_gets_its_time_anew() {
        parties.targetBacklog = 1000;
        turn(Turn.TARGET_TAKES);
        parties.targetBacklog = 1;
        time.pass(TARGET_BODY + LATE);
        assertThat(parties.timeOuts).isZero();
        assertFiresAfter(TARGET_BODY);
    }

    @ParameterizedTest
    @CsvSource({"1000", "1001"})
    void a_backlog_that_does_not_shrink_times_out(long later) {
        parties.clientBacklog = 1000;
        turn(Turn.CLIENT_TAKES);
        parties.clientBacklog = later;
        assertFiresAfter(CLIENT_BODY);
    }

    @Test
    void progress_of_the_other_backlog_does_not_count() {
        parties.clientBacklog = 1000;
        parties.targetBacklog = 1000;
        turn(Turn.TARGET_TAKES);
        parties.clientBacklog = 0;
        assertFiresAfter(TARGET_BODY);
    }

    @Test
    void a_turn_that_has_passed_to_the_other_party_is_no_time_out() {
        parties.clientBacklog = 1000;
        turn(Turn.CLIENT_TAKES);
        parties.turn = Turn.TARGET_SENDS;
        timer.timedOut();
        assertThat(parties.timeOuts).isZero();
        assertThat(timer.turn()).isEqualTo(Turn.TARGET_SENDS);
        assertFiresAfter(TARGET_BODY);
    }

    // --- Waits -----------------------------------------------------------------------------------------------------

    @Test
    void a_wait_times_out_though_the_turn_changes() {
        turn(Turn.TARGET_SENDS);
        timer.await(5000);
        time.pass(2500);
        turn(Turn.CLIENT_TAKES);
        assertThat(timer.turn()).isEqualTo(Turn.TARGET_SENDS);
        assertFiresAfter(2500);
    }

    @Test
    void a_wait_ends_with_a_connection() {
        timer.await(5000);
        timer.connecting();
        assertFiresAfter(HEAD);
        turn(Turn.TARGET_SENDS);
        assertThat(timer.turn()).isEqualTo(Turn.TARGET_SENDS);
    }

    // --- Clients that hold up --------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"CLIENT_SENDS", "CLIENT_TAKES"})
    void a_client_stalls_by_one_long_turn_however_much_passes(Turn turn) {
        turn(turn);
        time.pass(Turn.STALL_MILLIS);
        parties.bytesPassed = 1 << 30;
        turn(Turn.TARGET_SENDS);
        assertThat(timer.isClientStalled()).isTrue();
    }

    @Test
    void a_client_stalls_by_many_short_turns_in_which_little_passes() {
        shortTurns(3);
        assertThat(timer.isClientStalled()).isFalse();
        shortTurns(1);
        assertThat(timer.isClientStalled()).isTrue();
    }

    @Test
    void many_short_turns_in_which_much_passes_are_no_stall() {
        parties.bytesPassed = 1 << 20;
        shortTurns(10);
        assertThat(timer.isClientStalled()).isFalse();
    }

    private void shortTurns(int count) {
        for (int i = 0; i < count; i++) {
            turn(Turn.CLIENT_SENDS);
            time.pass(Turn.STALL_MILLIS / 4);
            turn(Turn.TARGET_TAKES);
            time.pass(Turn.STALL_MILLIS * 4);
        }
    }

    @Test
    void the_time_of_a_turn_is_noted_while_it_lasts_and_counts_once() {
        turn(Turn.CLIENT_SENDS);
        time.pass(Turn.STALL_MILLIS / 2);
        timer.noteStall();
        timer.noteStall();
        timer.noteStall();
        assertThat(timer.isClientStalled()).isFalse();
        time.pass(Turn.STALL_MILLIS / 2);
        timer.noteStall();
        assertThat(timer.isClientStalled()).isTrue();
    }

    @Test
    void a_target_s_turn_is_no_stall_of_the_client() {
        turn(Turn.TARGET_ANSWERS);
        time.pass(HEAD - 1);
        turn(Turn.TARGET_SENDS);
        assertThat(timer.isClientStalled()).isFalse();
    }

    @Test
    void a_whole_request_begins_a_new_message() {
        turn(Turn.CLIENT_SENDS);
        time.pass(Turn.STALL_MILLIS);
        timer.noteStall();
        assertThat(timer.isClientStalled()).isTrue();
        timer.requestWhole();
        assertThat(timer.isClientStalled()).isFalse();
    }

    @Test
    void the_times_and_the_bytes_of_the_request_do_not_count_for_the_response() {
        shortTurns(3);
        parties.bytesPassed = 1 << 30;
        timer.requestWhole();
        shortTurns(3);
        assertThat(timer.isClientStalled()).isFalse();
        shortTurns(1);
        assertThat(timer.isClientStalled()).isTrue();
    }

    // --- The end ---------------------------------------------------------------------------------------------------

    @Test
    void a_timer_that_is_stopped_never_fires_and_gives_no_turn() {
        turn(Turn.TARGET_ANSWERS);
        timer.stop();
        assertNeverFires();
        turn(Turn.CLIENT_SENDS);
        assertThat(timer.turn()).isEqualTo(Turn.TARGET_ANSWERS);
        timer.heartbeat(HEAD * 10);
        assertNeverFires();
    }
}
