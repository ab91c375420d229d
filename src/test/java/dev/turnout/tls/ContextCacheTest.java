package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A context lives as long as it is served, and as long as a connection uses it")
final class ContextCacheTest {

    private final CertificatePair one = SelfSigned.of("one.example", Instant.now());
    private final CertificatePair other = SelfSigned.of("other.example", Instant.now());
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    Path temp;

    private ContextCache cache;

    @BeforeEach
    void make() {
        TicketKeys tickets = new TicketKeys(temp, Clock.systemUTC());
        tickets.look();
        cache = new ContextCache(new ServerContexts(TlsEngine.BORINGSSL, tickets, true), nanos::get);
    }

    private SslContext get(CertificatePair pair) throws UnusablePair {
        return cache.get(pair, ClientAuthPolicy.NONE);
    }

    private static int references(SslContext context) {
        return ((ReferenceCounted) context).refCnt();
    }

    @Test
    void what_has_not_changed_keeps_its_context() throws UnusablePair {
        SslContext first = get(one);
        cache.dropUnwanted();

        assertThat(get(one)).isSameAs(first);
        cache.dropUnwanted();
        nanos.addAndGet(ContextCache.RELEASED_AFTER);
        cache.releaseReplaced();
        assertThat(references(first)).isEqualTo(1);
        cache.close();
        assertThat(references(first)).isZero();
    }

    @Test
    void a_context_of_a_round_without_a_swap_is_released_and_those_in_use_are_not() throws UnusablePair {
        SslContext first = get(one);
        cache.dropUnwanted();
        SslContext unseen = get(other);
        cache.dropMade();
        nanos.addAndGet(ContextCache.RELEASED_AFTER);
        cache.releaseReplaced();
        assertThat(references(unseen)).isZero();
        assertThat(get(one)).isSameAs(first);
        cache.dropUnwanted();
        assertThat(references(first)).isEqualTo(1);
        cache.close();
    }

    @Test
    void a_replaced_context_is_released_a_while_later_and_an_engine_keeps_it() throws UnusablePair {
        SslContext first = get(one);
        cache.dropUnwanted();
        get(other);
        cache.dropUnwanted();
        cache.releaseReplaced();
        assertThat(references(first))
                .as("an event loop may still make an engine")
                .isEqualTo(1);
        SSLEngine engine = first.newEngine(ByteBufAllocator.DEFAULT);

        nanos.addAndGet(ContextCache.RELEASED_AFTER);
        cache.releaseReplaced();

        assertThat(references(first)).as("the engine's").isEqualTo(1);
        ReferenceCountUtil.release(engine);
        assertThat(references(first)).isZero();
        cache.close();
    }
}
