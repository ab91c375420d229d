package dev.turnout.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LingerTest {

    @Test
    void sixteen_mebibytes_are_dropped_and_not_one_more() {
        Linger linger = new Linger();
        for (int i = 0; i < 16; i++) {
            assertThat(linger.drop(1 << 20)).isTrue();
        }
        assertThat(linger.drop(1)).isFalse();
    }
}
