package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

final class ReadSizesTest {

    private static final int SMALLEST = 2048;
    private static final int LARGEST = 192 * 1024;

    private final RecvByteBufAllocator.ExtendedHandle handle = new ReadSizes(SMALLEST, LARGEST).newHandle();

    /** What the next read brings of so many bytes that are there. */
    private int read(int there) {
        int bytes = Math.min(there, handle.guess());
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(bytes);
        handle.readComplete();
        return bytes;
    }

    private void read(int there, int times) {
        for (int i = 0; i < times; i++) {
            read(there);
        }
    }

    @Test
    void a_stream_is_soon_read_in_the_largest_pieces() {
        read(1 << 20, 3);

        assertThat(read(1 << 20)).isEqualTo(LARGEST);
    }

    @Test
    void a_body_a_little_larger_than_a_power_of_two_comes_in_one_piece() {
        int body = 64 * 1024 + 243;
        read(1 << 20, 3);

        for (int i = 0; i < 100; i++) {
            assertThat(read(body)).isEqualTo(body);
            // What an edge-triggered transport finds when it looks once more.
            read(0);
        }
    }

    @Test
    void small_messages_end_in_small_buffers() {
        read(1 << 20, 3);
        read(100, 1000);

        assertThat(handle.guess()).isEqualTo(SMALLEST);
    }

    @Test
    void a_large_message_now_and_then_keeps_its_buffer() {
        read(1 << 20, 3);
        for (int i = 0; i < 10; i++) {
            read(100, 10);
            assertThat(read(LARGEST)).isEqualTo(LARGEST);
        }
    }

    @Test
    void a_size_is_never_over_the_largest() {
        read(1 << 30, 20);

        assertThat(handle.guess()).isEqualTo(LARGEST);
    }
}
