package dev.turnout.proxy.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http2.FloodBudget.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FloodBudgetTest {

    private static final long HOUR = 3_600_000;

    private final FloodBudget budget =
            new FloodBudget(Http2Limits.ofHeads(32768).floodBudget(), 0);

    /** CVE-2023-44487, CVE-2025-8671, CVE-2019-9512, 9515, 9518, 9511, CVE-2024-27316: at most so many at once. */
    @ParameterizedTest
    @CsvSource({
        "RESET, 200",
        "SETTINGS, 400",
        "CONTINUATION, 1000",
        "INTERIM_RESPONSE, 1000",
        "PING, 2000",
        "EMPTY_DATA, 2000",
        "SMALL_UPDATE, 4000",
        "NOTHING, 4000"
    })
    void ends_a_flood(Cost cost, int most) {
        assertThat(paid(cost, most + 1, 0)).isEqualTo(most);
    }

    @Test
    void ends_a_flood_that_has_time() {
        int second = 0;
        while (paid(Cost.RESET, 10, second * 1000L) == 10) {
            second++;
        }
        assertThat(second).isLessThan(30);
    }

    /** A client whose every second request is given up: 128 requests at a time, for hours. */
    @Test
    void lets_a_client_reset_that_completes_requests() {
        for (int round = 0; round < 10_000; round++) {
            assertThat(paid(Cost.RESET, 64, 0)).isEqualTo(64);
            for (int i = 0; i < 64; i++) {
                budget.requestCompleted();
            }
        }
    }

    @Test
    void lets_a_page_be_left_with_all_its_streams() {
        assertThat(paid(Cost.RESET, 128, 0)).isEqualTo(128);
    }

    @Test
    void lets_an_idle_client_ping_for_days() {
        for (long second = 0; second < 48 * 3600; second += 1) {
            assertThat(budget.pay(Cost.PING, second * 1000)).isTrue();
        }
    }

    @Test
    void lets_a_target_send_an_interim_response_each_second_for_days() {
        for (long second = 0; second < 48 * 3600; second += 1) {
            assertThat(budget.pay(Cost.INTERIM_RESPONSE, second * 1000)).isTrue();
        }
    }

    @Test
    void lets_a_client_update_its_windows_for_each_piece_of_data() {
        for (int piece = 0; piece < 100_000; piece++) {
            budget.dataPassed();
            assertThat(paid(Cost.SMALL_UPDATE, 2, 0)).isEqualTo(2);
        }
    }

    @Test
    void lets_a_peer_answer_each_small_piece_of_data_with_updates_and_a_ping() {
        for (int piece = 0; piece < 100_000; piece++) {
            budget.dataSent(100, false);
            assertThat(paid(Cost.SMALL_UPDATE, 2, 0)).isEqualTo(2);
            assertThat(paid(Cost.PING, 1, 0)).isEqualTo(1);
        }
        assertThat(paid(Cost.PING, 3000, 0)).isEqualTo(2000);
    }

    @Test
    void lets_a_peer_that_cuts_the_data_by_its_windows_answer_none() {
        for (int piece = 0; piece < 100_000; piece++) {
            budget.dataSent(100, true);
        }
        assertThat(paid(Cost.PING, 3000, 0)).isEqualTo(2000);
    }

    @Test
    void saves_no_more_pings_than_there_are_pieces_on_their_way() {
        for (int piece = 0; piece < 1_000_000; piece++) {
            budget.dataSent(100, false);
        }
        assertThat(paid(Cost.PING, 1_000_000, 0)).isEqualTo(50_000 + 2000);
    }

    @Test
    void saves_no_more_than_its_most() {
        for (int i = 0; i < 100_000; i++) {
            budget.requestCompleted();
        }
        assertThat(paid(Cost.RESET, 1000, 0)).isEqualTo(200);
        assertThat(paid(Cost.RESET, 1000, 24 * HOUR)).isLessThanOrEqualTo(200);
    }

    private int paid(Cost cost, int count, long nowMillis) {
        int paid = 0;
        while (paid < count && budget.pay(cost, nowMillis)) {
            paid++;
        }
        return paid;
    }
}
