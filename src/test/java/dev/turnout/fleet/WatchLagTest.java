package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watch that is open")
final class WatchLagTest {

    private final WatchLag lag = new WatchLag();

    private boolean isSilentAt(int seconds, long written) {
        return lag.isSilent(written, Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    @DisplayName("is silent when reads see for more than two seconds what it has not told")
    void silent() {
        lag.told(10);

        assertThat(isSilentAt(0, 10)).isFalse();
        assertThat(isSilentAt(100, 11)).isFalse();
        assertThat(isSilentAt(102, 12)).isFalse();
        assertThat(isSilentAt(103, 12)).isTrue();
        lag.told(12);
        assertThat(isSilentAt(104, 12)).isFalse();
    }

    @Test
    @DisplayName("is silent too if the store was put back before it began")
    void putBack() {
        lag.told(1_000_000);
        lag.begun(10);

        assertThat(isSilentAt(0, 11)).isFalse();
        assertThat(isSilentAt(3, 11)).isTrue();
    }

    @Test
    @DisplayName("may be behind for as long as it goes on telling")
    void behind() {
        for (int second = 0; second < 20; second++) {
            lag.told(second);
            assertThat(isSilentAt(second, second + 1)).isFalse();
        }
    }
}
