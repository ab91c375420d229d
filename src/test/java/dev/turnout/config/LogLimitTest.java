package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A line of the log that many events would write")
final class LogLimitTest {

    @Test
    @DisplayName("is written at the first event, and not at those soon after it")
    void once() {
        LogLimit line = new LogLimit();

        assertThat(line.mayWrite()).isTrue();
        assertThat(line.mayWrite()).isFalse();
        assertThat(new LogLimit().mayWrite()).isTrue();
    }
}
