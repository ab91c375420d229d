package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The making of contexts for servers: TLS 1.2 and 1.3 with the ciphers that Mozilla calls intermediate. BoringSSL knows no
 * renegotiation; neither engine takes early data. One thread at a time.
 */
final class ServerContexts {

    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    static final List<String> GROUPS = List.of("X25519MLKEM768", "X25519", "P-256");
    private static final String HTTP_1 = ApplicationProtocolNames.HTTP_1_1;
    private static final String ACME = "acme-tls/1";

    /** Sessions of clients without tickets, for each context. */
    private static final long CACHED_SESSIONS = 1_024;

    private static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(8);

    private final List<String> protocols;
    private final TlsEngine engine;
    private final TicketKeys tickets;
    private final TrustManagerFactory nobody;

    /** @param http2 whether HTTP/2 is offered */
    ServerContexts(TlsEngine engine, TicketKeys tickets, boolean http2) {
        this.protocols = http2 ? List.of(ApplicationProtocolNames.HTTP_2, HTTP_1) : List.of(HTTP_1);
        this.engine = engine;
        this.tickets = tickets;
        // Shared: without it each context would read the authorities of the Java virtual machine anew.
        this.nobody = KeyStores.trust(List.of());
    }

    /** Returns a new context, which the caller releases. */
    SslContext of(CertificatePair pair, ClientAuthPolicy policy) throws UnusablePair {
        SslContext context = build(pair.chain().certificates(), pair.key(), policy, protocols);
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setSessionIdContext(policy.sessionContext());
            sessions.setTicketKeys(tickets.keys());
        }
        return context;
    }

    /** Returns a new context that answers a challenge, which the caller releases. */
    SslContext ofChallenge(List<X509Certificate> chain, PrivateKey key) throws UnusablePair {
        return build(chain, key, ClientAuthPolicy.NONE, List.of(ACME));
    }

    /** Gives a context the keys of tickets that hold now. */
    void renewTickets(SslContext context) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setTicketKeys(tickets.keys());
        }
    }

    private SslContext build(List<X509Certificate> chain, PrivateKey key, ClientAuthPolicy policy, List<String> offered)
            throws UnusablePair {
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain)
                .sslProvider(engine == TlsEngine.BORINGSSL ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .trustManager(policy.authorities().isEmpty() ? nobody : KeyStores.trust(policy.authorities()))
                .clientAuth(demand(policy.demand()))
                // The key only passes through the store. PKCS12 would encrypt it with ten thousand rounds.
                .keyStoreType("JKS")
                .sessionCacheSize(CACHED_SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        offered));
        if (engine == TlsEngine.BORINGSSL) {
            builder.option(OpenSslContextOption.GROUPS, GROUPS.toArray(String[]::new));
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new UnusablePair(TlsFinding.ENGINE_REFUSES_PAIR, "reason", String.valueOf(e.getMessage()));
        }
    }

    private static ClientAuth demand(Demand demand) {
        return switch (demand) {
            case NONE -> ClientAuth.NONE;
            case REQUEST -> ClientAuth.OPTIONAL;
            case REQUIRE -> ClientAuth.REQUIRE;
        };
    }
}
