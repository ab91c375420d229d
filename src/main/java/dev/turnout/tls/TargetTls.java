package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * What connections to the targets of a service are made with: TLS 1.2 or 1.3, verification of the chain and the name, and
 * a certificate of Turnout's own if one is configured. Its sessions are resumed. Any thread.
 */
public final class TargetTls {

    private static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    /** What has a handshake compare the name in the certificate (RFC 9110, section 4.3.4). */
    private static final String COMPARE_NAMES = "HTTPS";

    private final TargetTlsFiles files;
    private final HandshakeTasks tasks;
    private final SslContext context;
    private final Optional<ServerTrust> trust;
    private final Optional<X509KeyManager> own;

    private TargetTls(
            TargetTlsFiles files,
            HandshakeTasks tasks,
            SslContext context,
            Optional<ServerTrust> trust,
            Optional<X509KeyManager> own) {
        this.files = files;
        this.tasks = tasks;
        this.context = context;
        this.trust = trust;
        this.own = own;
    }

    /**
     * Makes the context.
     *
     * @param tasks the threads that verify
     * @throws TlsRefused if the engine refuses it, with the reason
     */
    static TargetTls of(TlsEngine engine, TargetTlsFiles files, HandshakeTasks tasks) {
        try {
            Optional<X509KeyManager> own = files.certificate().isPresent()
                    ? Optional.of(KeyStores.keys(files.certificate().get()))
                    : Optional.empty();
            Optional<ServerTrust> trust =
                    files.settings().isVerified() ? Optional.of(ServerTrust.of(files.authorities())) : Optional.empty();
            return new TargetTls(files, tasks, build(engine, files, trust), trust, own);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsRefused(
                    TlsText.of(TlsFinding.ENGINE_REFUSES_SETTINGS, "reason", String.valueOf(e.getMessage()))
                            .at(files.settings().keys().tls()));
        }
    }

    boolean isMadeOf(TargetTlsFiles other) {
        return files.isSame(other);
    }

    void release() {
        ReferenceCountUtil.release(context);
    }

    /** Returns the name that a target is asked for and has to prove, in place of its host. */
    public Optional<String> name() {
        return files.settings().name();
    }

    /** Returns what decides which certificates of targets are believed; empty if any is. */
    public Optional<X509TrustManager> trust() {
        return trust.map(manager -> manager);
    }

    /** Returns what shows Turnout's own certificate. */
    public Optional<X509KeyManager> own() {
        return own;
    }

    /** Returns the names of the keys that it is from. */
    TargetTlsSettings.Names keys() {
        return files.settings().keys();
    }

    /** Returns a clause that says why a connection failed; empty if that has nothing to do with TLS. */
    public Optional<String> explain(Throwable failure) {
        return new TargetTlsFailure(own.isPresent(), keys().certPrefix() + "cert").explain(failure);
    }

    /**
     * Returns the handler of one connection to a target.
     *
     * @param host the target's host, which it has to prove unless another name is configured
     */
    public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
        return tasks.handler(context, allocator, name().orElse(host), port);
    }

    private static SslContext build(TlsEngine engine, TargetTlsFiles files, Optional<ServerTrust> trust)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(engine == TlsEngine.BORINGSSL ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(ServerContexts.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .keyStoreType("JKS")
                .endpointIdentificationAlgorithm(trust.isPresent() ? COMPARE_NAMES : null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        files.settings().protocol().isHttp2() ? HTTP_2 : HTTP_1));
        if (engine == TlsEngine.BORINGSSL) {
            builder.option(OpenSslContextOption.GROUPS, ServerContexts.GROUPS.toArray(String[]::new));
        }
        trust.ifPresentOrElse(builder::trustManager, () -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
        files.certificate()
                .ifPresent(own -> builder.keyManager(own.key(), own.chain().certificates()));
        return builder.build();
    }
}
