package dev.turnout.proxy.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class WindowsTest {

    @Test
    void sends_what_the_peer_takes() {
        SendWindow window = new SendWindow(65535);
        window.spend(65535);
        assertThat(window.available()).isZero();
        assertThat(window.change(10)).isTrue();
        assertThat(window.available()).isEqualTo(10);
    }

    /** RFC 9113, section 6.9.2. */
    @Test
    void goes_below_zero_with_a_smaller_initial_window() {
        SendWindow window = new SendWindow(65535);
        window.spend(60000);
        assertThat(window.change(16384 - 65535)).isTrue();
        assertThat(window.available()).isEqualTo(-43616);
        assertThat(window.change(43617)).isTrue();
        assertThat(window.available()).isOne();
    }

    @Test
    void does_not_grow_over_its_bound() {
        SendWindow window = new SendWindow(1);
        assertThat(window.change(Integer.MAX_VALUE)).isFalse();
        assertThat(window.change(Integer.MAX_VALUE - 1)).isTrue();
        assertThat(window.change(1)).isFalse();
    }

    @Test
    void opens_a_window_that_is_larger_than_the_announced_one() {
        ReceiveWindow window = new ReceiveWindow(1 << 20, 65535);
        assertThat(window.update()).isEqualTo((1 << 20) - 65535);
        assertThat(window.update()).isZero();
        assertThat(window.kept()).isZero();
        assertThat(window.receive(1 << 20)).isTrue();
        assertThat(window.kept()).isEqualTo(1 << 20);
        assertThat(window.receive(1)).isFalse();
    }

    @Test
    void announces_what_has_gone_once_it_is_half_of_the_window() {
        ReceiveWindow window = new ReceiveWindow(1000, 1000);
        window.receive(600);
        window.consume(499);
        assertThat(window.update()).isZero();
        window.consume(1);
        assertThat(window.update()).isEqualTo(500);
        assertThat(window.kept()).isEqualTo(100);
    }

    @Test
    void never_keeps_more_than_the_window_of_a_peer_that_keeps_to_it() {
        Random random = new Random(9113);
        ReceiveWindow window = new ReceiveWindow(1000, 1000);
        int allowed = 1000;
        for (int round = 0; round < 10_000; round++) {
            int count = random.nextInt(allowed + 1);
            assertThat(window.receive(count)).isTrue();
            allowed -= count;
            assertThat(window.kept()).isBetween(0, 1000);
            window.consume(random.nextInt(window.kept() + 1));
            allowed += window.update();
            assertThat(allowed + window.kept()).isLessThanOrEqualTo(1000);
        }
    }

    @Test
    void holds_data_to_its_length() {
        BodyLength length = new BodyLength(5);
        assertThat(length.mayEnd()).isFalse();
        assertThat(length.receive(2)).isTrue();
        assertThat(length.receive(3)).isTrue();
        assertThat(length.mayEnd()).isTrue();
        assertThat(length.receive(1)).isFalse();
        assertThat(length.mayEnd()).isFalse();
    }

    @Test
    void lets_data_without_a_length_be_of_any() {
        BodyLength length = new BodyLength(-1);
        assertThat(length.mayEnd()).isTrue();
        assertThat(length.receive(Integer.MAX_VALUE)).isTrue();
        assertThat(length.mayEnd()).isTrue();
    }
}
