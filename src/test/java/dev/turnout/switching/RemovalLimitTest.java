package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Slot;
import dev.turnout.switching.KeptTargets.Place;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Of the targets of a slot that are up and that nobody renews")
final class RemovalLimitTest {

    private final RemovalLimit limit = new RemovalLimit();
    private final Place blue = new Place("shop", Slot.BLUE);

    @ParameterizedTest(name = "of {0}: {1}")
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "64, 32"})
    @DisplayName("half may go within 5 minutes")
    void half(int targets, int gone) {
        assertThat(gone(targets, 0)).isEqualTo(gone);
        assertThat(gone(targets - gone, 299)).isZero();
    }

    @Test
    @DisplayName("half of what is left may go once they are over")
    void later() {
        gone(8, 0);

        assertThat(gone(4, 300)).isEqualTo(2);
    }

    @Test
    @DisplayName("those of each slot count by themselves")
    void eachSlot() {
        gone(2, 0);

        assertThat(limit.allows(new Place("shop", Slot.GREEN), 2, 0)).isTrue();
        assertThat(limit.allows(new Place("api", Slot.BLUE), 2, 0)).isTrue();
    }

    /** Has as many go as may. Returns how many have. */
    private int gone(int targets, long second) {
        long now = Long.MAX_VALUE - 5 + Duration.ofSeconds(second).toNanos();
        int gone = 0;
        while (gone < targets && limit.allows(blue, targets - gone, now)) {
            limit.removed(blue, now);
            gone++;
        }
        return gone;
    }
}
