package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.exchange.RetryRules.Failure;
import dev.turnout.proxy.exchange.RetryRules.Next;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of {@link RetryRules}, cell by cell. */
final class RetryRulesTest {

    @ParameterizedTest
    @CsvSource({
        // failure, idempotent, resendable, pinned, went again, went elsewhere, what becomes of it
        "NOT_CONNECTED, false, false, false, false, false, ELSEWHERE",
        "NOT_CONNECTED, true,  true,  false, true,  false, ELSEWHERE",
        "NOT_CONNECTED, true,  true,  true,  false, false, GIVE_UP",
        "NOT_CONNECTED, true,  true,  false, false, true,  GIVE_UP",
        "STALE_UNSENT,  false, false, false, false, false, AGAIN",
        "STALE_UNSENT,  false, false, true,  false, true,  AGAIN",
        "STALE_UNSENT,  true,  true,  false, true,  false, GIVE_UP",
        "REFUSED,       false, true,  false, false, false, AGAIN",
        "REFUSED,       false, true,  true,  false, true,  AGAIN",
        "REFUSED,       true,  false, false, false, false, GIVE_UP",
        "REFUSED,       true,  true,  false, true,  false, GIVE_UP",
        "STALE,         true,  true,  false, false, false, AGAIN",
        "STALE,         true,  true,  true,  false, true,  AGAIN",
        "STALE,         false, true,  false, false, false, GIVE_UP",
        "STALE,         true,  false, false, false, false, GIVE_UP",
        "STALE,         true,  true,  false, true,  false, GIVE_UP",
    })
    void a_request_goes_where_its_failure_and_its_past_allow(
            Failure failure,
            boolean isIdempotent,
            boolean isResendable,
            boolean isPinned,
            boolean wentAgain,
            boolean wentElsewhere,
            Next next) {
        RetryRules.Request request =
                new RetryRules.Request(isIdempotent, isResendable, isPinned, wentAgain, wentElsewhere);
        assertThat(RetryRules.after(failure, request)).isEqualTo(next);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void no_request_goes_more_than_twice_to_one_target_or_to_more_than_two_targets(Failure failure) {
        for (int bits = 0; bits < 8; bits++) {
            boolean first = (bits & 1) != 0;
            boolean second = (bits & 2) != 0;
            boolean third = (bits & 4) != 0;
            assertThat(RetryRules.after(failure, new RetryRules.Request(first, second, third, true, true)))
                    .isEqualTo(Next.GIVE_UP);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "false, false"})
    void a_request_that_may_have_been_processed_is_never_sent_twice(boolean isIdempotent, boolean isResendable) {
        RetryRules.Request request = new RetryRules.Request(isIdempotent, isResendable, false, false, false);
        assertThat(RetryRules.after(Failure.STALE, request)).isEqualTo(Next.GIVE_UP);
        assertThat(RetryRules.after(Failure.FINAL, request)).isEqualTo(Next.GIVE_UP);
    }
}
