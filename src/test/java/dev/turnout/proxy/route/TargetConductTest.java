package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TargetConductTest {

    private final TargetConduct conduct = new TargetConduct();

    @Test
    void a_new_target_is_trusted_at_once_only_with_what_can_go_again() {
        assertThat(conduct.trustsAtOnce(true, false)).isTrue();
        assertThat(conduct.trustsAtOnce(false, false)).isFalse();
        assertThat(conduct.trustsAtOnce(true, true)).isFalse();
    }

    @Test
    void a_target_that_has_kept_its_connections_is_trusted_with_all() {
        reuse(8, true);
        assertThat(conduct.trustsAtOnce(false, false)).isTrue();
        assertThat(conduct.trustsAtOnce(false, true)).isTrue();
    }

    @Test
    void reuse_after_requests_without_content_proves_nothing_of_content() {
        reuse(100, false);
        assertThat(conduct.trustsAtOnce(false, false)).isTrue();
        assertThat(conduct.trustsAtOnce(true, true)).isFalse();
    }

    @Test
    void a_target_that_closes_behind_an_answer_is_not_trusted_until_it_shows_otherwise() {
        reuse(8, true);
        conduct.closedBehindAnswer();
        assertThat(conduct.trustsAtOnce(true, false)).isFalse();
        reuse(7, false);
        assertThat(conduct.trustsAtOnce(true, false)).isFalse();
        reuse(1, false);
        assertThat(conduct.trustsAtOnce(true, false)).isTrue();
    }

    @Test
    void the_last_version_counts() {
        assertThat(conduct.isHttp10()).isFalse();
        conduct.answered(false);
        assertThat(conduct.isHttp10()).isTrue();
        conduct.answered(true);
        assertThat(conduct.isHttp10()).isFalse();
    }

    @Test
    void a_second_answer_is_remembered() {
        assertThat(conduct.mistakesContent()).isFalse();
        conduct.answeredTwice();
        reuse(100, true);
        assertThat(conduct.mistakesContent()).isTrue();
    }

    private void reuse(int times, boolean afterContent) {
        for (int i = 0; i < times; i++) {
            conduct.answeredAgain(afterContent);
        }
    }
}
