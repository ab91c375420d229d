package dev.turnout.proxy.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

final class BuffersTest {

    private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);

    @Test
    void a_slice_keeps_all_of_the_buffer_that_it_was_cut_from() {
        ByteBuf whole = allocator.directBuffer(100_000).writeZero(100_000);
        ByteBuf slice = whole.skipBytes(10).readRetainedSlice(20);
        assertThat(Buffers.kept(slice)).isEqualTo(100_000);
        slice.release();
        whole.release();
    }

    @Test
    void a_small_part_of_a_large_buffer_is_copied_and_the_buffer_given_back() {
        ByteBuf whole = allocator.directBuffer(100_000).writeBytes("skipped|kept|".getBytes(US_ASCII));
        ByteBuf slice = whole.skipBytes(8).readRetainedSlice(4);
        whole.release();
        ByteBuf copy = Buffers.compacted(slice);
        assertThat(copy.toString(US_ASCII)).isEqualTo("kept");
        assertThat(copy.readerIndex()).isZero();
        assertThat(Buffers.kept(copy)).isEqualTo(4);
        assertThat(whole.refCnt()).isZero();
        copy.release();
    }

    @Test
    void what_is_most_of_its_buffer_or_small_stays_as_it_is() {
        ByteBuf most = allocator.directBuffer(100_000).writeZero(60_000);
        assertThat(Buffers.compacted(most)).isSameAs(most);
        most.release();
        ByteBuf small = allocator.directBuffer(512).writeZero(1);
        assertThat(Buffers.compacted(small)).isSameAs(small);
        small.release();
    }
}
