package dev.turnout.tls;

import dev.turnout.tls.Choice.Serve;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers to pending TLS-ALPN-01 challenges (RFC 8737). {@link #to} is for any thread; the rest for one at a time. */
final class AlpnAnswers {

    private volatile Map<String, Serve> byName = Map.of();

    /** Returns the answer to a handshake; null if the handshake is none of a challenge that is pending. Does not block. */
    @Nullable
    Choice to(ClientHello hello) {
        Map<String, Serve> pending = byName;
        if (pending.isEmpty() || !hello.offersAcmeTls() || hello.serverNameStart() < 0) {
            return null;
        }
        return pending.get(new String(
                hello.bytes(),
                hello.serverNameStart(),
                hello.serverNameEnd() - hello.serverNameStart(),
                StandardCharsets.US_ASCII));
    }

    /** Answers handshakes for a name. An earlier answer is replaced. */
    void offer(String name, List<X509Certificate> chain, PrivateKey key, ServerContexts server, ContextCache contexts) {
        withdraw(name, contexts);
        try {
            Map<String, Serve> next = new HashMap<>(byName);
            next.put(
                    name.toLowerCase(Locale.ROOT),
                    new Serve(server.ofChallenge(chain, key), ClientAuthPolicy.NONE, CoveredNames.ALL, true));
            byName = Map.copyOf(next);
        } catch (UnusablePair e) {
            throw new IllegalStateException("the challenge for " + name + " can't be answered: " + e.getMessage(), e);
        }
    }

    /** Ends the answers for a name. */
    void withdraw(String name, ContextCache contexts) {
        Map<String, Serve> next = new HashMap<>(byName);
        Serve withdrawn = next.remove(name.toLowerCase(Locale.ROOT));
        if (withdrawn != null) {
            byName = Map.copyOf(next);
            contexts.replace(withdrawn.context());
        }
    }
}
