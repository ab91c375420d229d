package dev.turnout.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HeaderRefusalsTest {

    private final InetSocketAddress peer = new InetSocketAddress("127.0.0.1", 1);

    @Test
    void the_log_is_told_once_a_minute_and_every_connection_is_counted() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        HeaderRefusals refusals = new HeaderRefusals(now::get);
        assertThat(refusals.refused(peer, "it has no header")).isTrue();
        assertThat(refusals.refused(peer, "it has no header")).isFalse();
        now.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(refusals.refused(peer, "it has no header")).isFalse();
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(refusals.refused(peer, "it has no header")).isTrue();
        assertThat(refusals.count()).isEqualTo(4);
    }
}
