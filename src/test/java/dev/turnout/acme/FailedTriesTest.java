package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.text.Language;
import dev.turnout.text.TlsText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailedTriesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    private static AuthorityFailed failed(Kind kind) {
        return new AuthorityFailed(kind, "the words of the authority");
    }

    @Test
    void waits_grow_from_a_minute_to_six_hours() {
        List<Duration> waits = new ArrayList<>();
        FailedTries failures = FailedTries.NONE;
        Instant now = NOW;
        for (int i = 0; i < 12; i++) {
            failures = failures.plus(now, failed(Kind.UNREACHABLE), false, true);
            Instant next = failures.notBefore().orElseThrow();
            waits.add(Duration.between(now, next));
            now = next;
        }

        assertThat(waits.get(0)).isEqualTo(Duration.ofMinutes(1));
        assertThat(waits.get(1)).isEqualTo(Duration.ofMinutes(2));
        assertThat(waits).isSorted().last().isEqualTo(Duration.ofHours(6));
        assertThat(failures.since()).contains(NOW);
        assertThat(failures.words()).contains("the words of the authority");
    }

    /** The clock was ahead by 90 days, and is right again. */
    @Test
    void what_a_clock_has_written_that_was_ahead_does_not_hold() {
        Instant ahead = NOW.plus(Duration.ofDays(90));
        FailedTries failures = FailedTries.NONE
                .plus(ahead, failed(Kind.PROOF_REFUSED), false, false)
                .told(ahead);

        assertThat(failures.areHolding(NOW)).isTrue();
        FailedTries now = failures.asOf(NOW);
        assertThat(now.areHolding(NOW)).isFalse();
        assertThat(now.count()).isEqualTo(1);
        assertThat(now.words()).contains("the words of the authority");
        assertThat(now.since()).isEmpty();
        assertThat(now.told()).isEmpty();
        assertThat(now.refusedProofs()).isEmpty();
        assertThat(failures.asOf(ahead)).isEqualTo(failures);
    }

    @Test
    void a_name_is_refused_by_the_authority_four_times_in_an_hour_at_most() {
        FailedTries failures = FailedTries.NONE;
        Instant now = NOW;
        List<Instant> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tries.add(now);
            failures = failures.plus(now, failed(Kind.PROOF_REFUSED), false, false);
            // As if the waits of failures were lost, at a restart on a fresh disk for example.
            FailedTries shorter = new FailedTries(
                    0,
                    failures.since(),
                    failures.notBefore(),
                    failures.words(),
                    failures.kind(),
                    failures.told(),
                    failures.refusedProofs(),
                    false);
            now = shorter.notBefore().orElseThrow();
            failures = shorter;
        }

        for (Instant first : tries) {
            assertThat(tries.stream()
                            .filter(at -> !at.isBefore(first) && at.isBefore(first.plus(Duration.ofHours(1))))
                            .count())
                    .isLessThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_failure_says_in_korean_what_it_means_and_keeps_the_words_of_the_authority(Kind kind) {
        FailedTries failures = FailedTries.of(
                FailedTries.NONE.plus(NOW, failed(kind), false, false).json());

        TlsText error = failures.lastError().orElseThrow();

        assertThat(failures.kind()).contains(kind);
        assertThat(error.english()).isEqualTo(failures.words().orElseThrow());
        assertThat(error.in(Language.KOREAN))
                .endsWith(": " + failures.words().orElseThrow())
                .containsPattern("[가-힣]");
    }

    @Test
    void a_limit_holds_as_long_as_the_authority_says() {
        Instant until = NOW.plus(Duration.ofDays(6));
        FailedTries failures = FailedTries.NONE.plus(
                NOW, AuthorityFailed.atLimit("too many certificates", Optional.of(until)), false, true);

        assertThat(failures.notBefore()).contains(until);
        assertThat(failures.areHolding(until.minusSeconds(1))).isTrue();
        assertThat(failures.areHolding(until)).isFalse();
        assertThat(failures.isStagingNext()).isFalse();
    }

    @Test
    void a_limit_without_an_end_holds_for_an_hour_and_an_absurd_one_for_eight_days() {
        assertThat(FailedTries.NONE
                        .plus(NOW, AuthorityFailed.atLimit("slow down", Optional.empty()), false, false)
                        .notBefore())
                .contains(NOW.plus(Duration.ofHours(1)));
        assertThat(FailedTries.NONE
                        .plus(NOW, AuthorityFailed.atLimit("slow down", Optional.of(Instant.MAX)), false, false)
                        .notBefore())
                .contains(NOW.plus(Duration.ofDays(8)));
    }

    @Test
    void after_a_refusal_the_next_try_goes_to_staging_and_the_one_after_to_the_authority() {
        FailedTries refused = FailedTries.NONE.plus(NOW, failed(Kind.PROOF_REFUSED), false, true);
        FailedTries refusedAtStagingToo = refused.plus(NOW, failed(Kind.PROOF_REFUSED), true, true);

        assertThat(refused.isStagingNext()).isTrue();
        assertThat(refusedAtStagingToo.isStagingNext()).isFalse();
        assertThat(refusedAtStagingToo.refusedProofs()).hasSize(1);
        assertThat(refused.rehearsed().areHolding(NOW)).isFalse();
        assertThat(refused.rehearsed().isStagingNext()).isFalse();
    }

    @Test
    void an_authority_that_does_not_answer_is_asked_again_itself() {
        assertThat(FailedTries.NONE
                        .plus(NOW, failed(Kind.UNREACHABLE), false, true)
                        .isStagingNext())
                .isFalse();
        assertThat(FailedTries.NONE
                        .plus(NOW, failed(Kind.NOT_READY), false, true)
                        .isStagingNext())
                .isFalse();
    }

    @Test
    void a_success_ends_the_failures_but_not_the_count_of_refused_proofs() {
        FailedTries failures = FailedTries.NONE.plus(NOW, failed(Kind.PROOF_REFUSED), false, false);

        assertThat(failures.ended(NOW).count()).isZero();
        assertThat(failures.ended(NOW).words()).isEmpty();
        assertThat(failures.ended(NOW).refusedProofs()).hasSize(1);
    }
}
