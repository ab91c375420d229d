package dev.turnout.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The contexts in use, one for each pair and policy. A context that is replaced is released a while later: an event loop
 * may just be making a handler of it. Engines hold their context themselves. One thread at a time.
 */
final class ContextCache {

    static final long RELEASED_AFTER = Duration.ofSeconds(15).toNanos();

    private record Key(String digest, ClientAuthPolicy policy) {}

    private record Replaced(SslContext context, long nanos) {}

    private final ServerContexts contexts;
    private final LongSupplier nanos;
    private final Map<Key, SslContext> live = new HashMap<>();
    private final Set<Key> wanted = new HashSet<>();
    private final Deque<Replaced> replaced = new ArrayDeque<>();

    /** @param nanos a time that never goes back. Nanoseconds. */
    ContextCache(ServerContexts contexts, LongSupplier nanos) {
        this.contexts = contexts;
        this.nanos = nanos;
    }

    /** Returns the context for a pair and a policy. Makes it if there is none. */
    SslContext get(CertificatePair pair, ClientAuthPolicy policy) throws UnusablePair {
        Key key = new Key(pair.digest(), policy);
        wanted.add(key);
        SslContext known = live.get(key);
        if (known != null) {
            return known;
        }
        SslContext context = contexts.of(pair, policy);
        live.put(key, context);
        return context;
    }

    /** Drops the contexts that {@link #get} was not asked for since the last round. Called after the swap. */
    void dropUnwanted() {
        live.keySet().stream().filter(key -> !wanted.contains(key)).toList().forEach(this::drop);
        wanted.clear();
    }

    /** Keeps a context of the last round, whatever it is of. */
    void keep(SslContext context) {
        live.forEach((key, known) -> {
            if (known == context) {
                wanted.add(key);
            }
        });
    }

    private void drop(Key key) {
        SslContext context = live.remove(key);
        if (context != null) {
            replace(context);
        }
    }

    /** Takes a context that no handshake is to use from now on. */
    void replace(SslContext context) {
        replaced.add(new Replaced(context, nanos.getAsLong()));
    }

    /** Releases the contexts that were replaced a while ago. */
    void releaseReplaced() {
        while (!replaced.isEmpty() && nanos.getAsLong() - replaced.peek().nanos() >= RELEASED_AFTER) {
            ReferenceCountUtil.release(replaced.remove().context());
        }
    }

    /** Gives every context the keys of tickets that hold now. */
    void renewTickets() {
        live.values().forEach(contexts::renewTickets);
    }

    /** Releases everything. */
    void close() {
        live.values().forEach(ReferenceCountUtil::release);
        live.clear();
        replaced.forEach(old -> ReferenceCountUtil.release(old.context()));
        replaced.clear();
    }
}
