package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tls.CertificateChain;
import dev.turnout.tls.KeyPairs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SuggestionTest {

    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    private CertificateChain pair;

    @BeforeEach
    void issue() throws Exception {
        pair = ofDays(90);
    }

    private static CertificateChain ofDays(int days) throws Exception {
        return new CertificateChain(
                TestCertificates.chain(KeyPairs.generate(), NOW, NOW.plus(Duration.ofDays(days)), "shop.example.com"));
    }

    private static RenewalWindow window(int fromDay, int toDay) {
        return new RenewalWindow(
                NOW.plus(Duration.ofDays(fromDay)), NOW.plus(Duration.ofDays(toDay)), Optional.empty());
    }

    @Test
    void without_a_suggestion_a_certificate_is_renewed_after_two_thirds_of_its_lifetime() throws Exception {
        assertThat(Suggestion.NONE.renewalOf(pair)).isEqualTo(NOW.plus(Duration.ofDays(60)));
        assertThat(Suggestion.NONE.renewalOf(ofDays(6))).isEqualTo(NOW.plus(Duration.ofDays(4)));
        assertThat(Suggestion.NONE.renewalOf(ofDays(45))).isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void a_moment_in_the_window_is_drawn_once() {
        SplittableRandom random = new SplittableRandom(1);
        Suggestion first = Suggestion.NONE.answered(Optional.of(window(50, 55)), pair, NOW, random);
        Suggestion second = first.answered(Optional.of(window(50, 55)), pair, NOW, random);

        assertThat(first.renewalOf(pair)).isBetween(NOW.plus(Duration.ofDays(50)), NOW.plus(Duration.ofDays(55)));
        assertThat(second.renewalOf(pair)).isEqualTo(first.renewalOf(pair));
    }

    @Test
    void moments_of_many_certificates_are_spread_over_the_window() {
        SplittableRandom random = new SplittableRandom(1);
        long early = 0;
        for (int i = 0; i < 200; i++) {
            Instant at = Suggestion.NONE
                    .answered(Optional.of(window(50, 60)), pair, NOW, random)
                    .renewalOf(pair);
            early += at.isBefore(NOW.plus(Duration.ofDays(55))) ? 1 : 0;
        }
        assertThat(early).isBetween(60L, 140L);
    }

    @Test
    void a_clock_that_was_ahead_does_not_keep_the_authority_from_being_asked() {
        Suggestion ahead = Suggestion.NONE.answered(
                Optional.of(window(50, 55)), pair, NOW.plus(Duration.ofDays(90)), new SplittableRandom(1));

        assertThat(ahead.isToBeAsked(NOW)).isFalse();
        assertThat(ahead.asOf(NOW).isToBeAsked(NOW)).isTrue();
        assertThat(ahead.asOf(NOW).renewalOf(pair)).isEqualTo(ahead.renewalOf(pair));
    }

    @Test
    void another_window_is_drawn_from_again() {
        SplittableRandom random = new SplittableRandom(1);
        Suggestion later = Suggestion.NONE.answered(Optional.of(window(50, 55)), pair, NOW, random);
        Suggestion revoked = later.answered(Optional.of(window(-2, -1)), pair, NOW, random);

        assertThat(revoked.renewalOf(pair)).isBefore(NOW);
    }

    @Test
    void a_window_past_the_end_of_the_certificate_is_no_suggestion() {
        Suggestion late = Suggestion.NONE.answered(Optional.of(window(89, 95)), pair, NOW, new SplittableRandom(1));

        assertThat(late.renewalOf(pair)).isEqualTo(NOW.plus(Duration.ofDays(60)));
    }

    @Test
    void the_authority_is_asked_again_as_it_says_but_neither_all_the_time_nor_never() {
        SplittableRandom random = new SplittableRandom(1);
        RenewalWindow window = window(50, 55);
        for (Duration[] row : new Duration[][] {
            {Duration.ofHours(3), Duration.ofHours(3)},
            {Duration.ofSeconds(1), Duration.ofMinutes(1)},
            {Duration.ofDays(30), Duration.ofDays(1)}
        }) {
            RenewalWindow answer = new RenewalWindow(window.start(), window.end(), Optional.of(row[0]));
            assertThat(Suggestion.NONE
                            .answered(Optional.of(answer), pair, NOW, random)
                            .askAgain())
                    .contains(NOW.plus(row[1]));
        }
        assertThat(Suggestion.NONE.answered(Optional.empty(), pair, NOW, random).askAgain())
                .contains(NOW.plus(Duration.ofHours(6)));
    }
}
