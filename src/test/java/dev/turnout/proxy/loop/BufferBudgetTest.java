package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BufferBudgetTest {

    private final AtomicLong used = new AtomicLong();
    private final BufferBudget budget = new BufferBudget(used::get, 1000);

    @Test
    void is_tight_from_half_of_the_limit_on_and_as_long_as_it_lasts() {
        measured(500);
        assertThat(budget.isTight()).isFalse();
        measured(501);
        assertThat(budget.isTight()).isTrue();
        measured(500);
        assertThat(budget.isTight()).isFalse();
    }

    @Test
    void reads_little_at_a_time_while_it_is_tight() {
        RecvByteBufAllocator sparing = sparing(64 * 1024);
        assertThat(sparing.newHandle().guess()).isEqualTo(64 * 1024);
        measured(501);
        assertThat(sparing.newHandle().guess()).isEqualTo(4 * 1024);
    }

    @Test
    void reads_no_more_than_it_would_have_anyway() {
        measured(501);
        assertThat(sparing(512).newHandle().guess()).isEqualTo(512);
    }

    @Test
    void knows_the_limit_of_this_jvm() {
        BufferBudget real = BufferBudget.ofDirectMemory();
        real.measure();
        assertThat(real.isTight()).isFalse();
    }

    private RecvByteBufAllocator sparing(int size) {
        return budget.sparing(new FixedRecvByteBufAllocator(size), new SpareBuffers(512, 1));
    }

    private void measured(long bytes) {
        used.set(bytes);
        budget.measure();
    }
}
