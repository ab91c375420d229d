package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    void a_certificate_that_the_engine_refuses_leaves_its_names_as_they_were_and_all_others_go_on() {
        PrivateKey unusable = new HiddenKey();
        HandshakeTable before = table(HandshakeTable.EMPTY, new ArrayList<>(), one, other);
        CertificatePair misfit = new CertificatePair(other.chain(), unusable, other.names(), "misfit");
        CertificatePair third = SelfSigned.of("third.example", Instant.now());
        CertificatePair strange = new CertificatePair(
                SelfSigned.of("new.example", Instant.now()).chain(), unusable, List.of("new.example"), "strange");
        List<String> refusals = new ArrayList<>();

        HandshakeTable after = table(before, refusals, one, misfit, third, strange);

        assertThat(after.slot("other.example")).isNotNull().isSameAs(before.slot("other.example"));
        assertThat(after.slot("third.example").choose(true)).isInstanceOf(Choice.Serve.class);
        assertThat(after.slot("new.example").choose(true)).isInstanceOf(Choice.NoCertificate.class);
        assertThat(refusals)
                .hasSize(2)
                .anyMatch(refusal -> refusal.contains("other.example"))
                .anyMatch(refusal -> refusal.contains("new.example"));
        assertThat(references(context(after, "other.example"))).isEqualTo(1);
        table(after, refusals, one);
        nanos.addAndGet(ContextCache.RELEASED_AFTER);
        cache.releaseReplaced();
        assertThat(references(context(after, "other.example"))).isZero();
        cache.close();
    }

    /** A key that nobody gets out of its device, and no engine either. */
    private record HiddenKey() implements PrivateKey {

        @Override
        public String getAlgorithm() {
            return CertificatePair.EC;
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }

    private HandshakeTable table(HandshakeTable before, List<String> refusals, CertificatePair... pairs) {
        TableBuilder builder = new TableBuilder(cache, Instant.now());
        for (CertificatePair pair : pairs) {
            builder.add(new TableBuilder.Candidate(pair, CertificateSource.FILE, "label", ClientAuthPolicy.NONE));
        }
        HandshakeTable table = builder.build(false, before);
        cache.dropUnwanted();
        nanos.addAndGet(ContextCache.RELEASED_AFTER);
        cache.releaseReplaced();
        builder.refusals().forEach(refusal -> refusals.add(refusal.english()));
        return table;
    }

    private static SslContext context(HandshakeTable table, String name) {
        return ((Choice.Serve) table.slot(name).choose(true)).context();
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
