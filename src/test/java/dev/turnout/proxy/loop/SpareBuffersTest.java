package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SpareBuffersTest {

    /** More than there are. */
    private static final int MANY = 200;

    private static final int SIZE = 2048;

    private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    private final SpareBuffers spares = new SpareBuffers(SIZE, 32);

    @AfterEach
    void nothing_is_left() {
        spares.close();

        assertThat(allocator.pinnedDirectMemory()).isZero();
    }

    @Test
    void a_buffer_that_nobody_holds_is_handed_out_again_and_is_empty() {
        Set<ByteBuf> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < MANY; i++) {
            ByteBuf buffer = spares.take(allocator, SIZE);
            assertThat(buffer.readableBytes()).isZero();
            assertThat(buffer.writableBytes()).isEqualTo(SIZE);
            seen.add(buffer);
            buffer.writeLong(i).readByte();
            buffer.release();
        }

        assertThat(seen).hasSizeLessThan(MANY / 2);
    }

    @Test
    void what_somebody_holds_is_nobody_elses() {
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            held.add(spares.take(allocator, SIZE).writeLong(i));
        }

        for (int i = 0; i < MANY; i++) {
            assertThat(held.get(i).readLong()).isEqualTo(i);
            held.get(i).release();
        }
    }

    @Test
    void a_slice_keeps_its_buffer() {
        ByteBuf first = spares.take(allocator, SIZE).writeLong(1);
        ByteBuf slice = first.readRetainedSlice(Long.BYTES);
        first.release();
        for (int i = 0; i < MANY; i++) {
            spares.take(allocator, SIZE).writeLong(2).release();
        }

        assertThat(slice.readLong()).isEqualTo(1);
        slice.release();
    }

    @Test
    void after_the_end_each_buffer_goes_back_to_the_allocator() {
        ByteBuf before = spares.take(allocator, SIZE);
        spares.close();
        before.release();
        ByteBuf after = spares.take(allocator, SIZE);

        assertThat(after.refCnt()).isEqualTo(1);
        after.release();
    }

    @Test
    void a_buffer_is_never_too_small() {
        ByteBuf large = spares.take(allocator, SIZE + 1);

        assertThat(large.writableBytes()).isGreaterThan(SIZE);
        large.release();
    }

    @Test
    void a_buffer_whose_successor_cannot_be_had_stays_its_holders() {
        ByteBufAllocator none = (ByteBufAllocator) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ByteBufAllocator.class}, (proxy, method, arguments) -> {
                    throw new OutOfMemoryError("none");
                });
        SpareBuffers one = new SpareBuffers(SIZE, 1);
        ByteBuf held = one.take(allocator, SIZE).writeLong(1);

        assertThatThrownBy(() -> one.take(none, SIZE)).isInstanceOf(OutOfMemoryError.class);
        ByteBuf next = one.take(allocator, SIZE);
        assertThat(next).isNotSameAs(held);
        assertThat(held.readLong()).isEqualTo(1);
        held.release();
        next.release();
        one.close();
    }
}
