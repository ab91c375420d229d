package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TargetProtocol;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A connection to a target over TLS")
class TargetTlsTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("targets");
    private static final TargetTlsSettings.Names KEYS = new TargetTlsSettings.Names(
            "turnout.upstream.tls", "turnout.upstream.tls-ca", "turnout.upstream.tls-", "turnout.upstream.tls-verify");
    private static final HandshakeTasks TASKS = new HandshakeTasks();
    private static NioEventLoopGroup loops;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        loops = new NioEventLoopGroup(1);
    }

    @AfterAll
    static void stop() {
        TASKS.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("is made if the certificate is from the configured authority and for the target's host")
    void a_certificate_that_verifies_is_taken(TlsEngine engine) throws Exception {
        assertThat(outcome(engine, AUTHORITY.issue("app.internal"), "app.internal", settings(Optional.empty(), true)))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("compares the configured name instead of the host")
    void the_configured_name_is_compared(TlsEngine engine) throws Exception {
        TargetTlsSettings named = settings(Optional.of("app.internal"), true);
        assertThat(outcome(engine, AUTHORITY.issue("app.internal"), "127.0.0.1", named))
                .isEqualTo("ok");
        assertThat(outcome(engine, AUTHORITY.issue("other.internal"), "127.0.0.1", named))
                .startsWith("the target's certificate is for another name");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("fails with the reason for another name, an address, an unknown authority and an expired certificate")
    void each_failure_has_its_reason(TlsEngine engine) throws Exception {
        TargetTlsSettings verified = settings(Optional.empty(), true);
        assertThat(outcome(engine, AUTHORITY.issue("a.internal", "*.c.internal", "10.0.0.1"), "b.internal", verified))
                .isEqualTo("the target's certificate is for another name (it has to be for b.internal, and is for"
                        + " a.internal, *.c.internal, 10.0.0.1)");
        assertThat(outcome(engine, AUTHORITY.issue("a.internal"), "127.0.0.1", verified))
                .isEqualTo("the target's certificate is for another name (it has to be for 127.0.0.1, and is for"
                        + " a.internal)");
        assertThat(outcome(engine, TestAuthority.root("stranger").issue("a.internal"), "a.internal", verified))
                .isEqualTo("the target's certificate is from an unknown authority");
        Instant now = Instant.now();
        Issued old = AUTHORITY.issue(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)), "a.internal");
        assertThat(outcome(engine, old, "a.internal", verified)).startsWith("the target's certificate has expired");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("verifies certificates on other threads than the event loop")
    void an_event_loop_verifies_nothing(TlsEngine engine) throws Exception {
        outcome(engine, AUTHORITY.issue("app.internal"), "app.internal", settings(Optional.empty(), true));
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .contains("turnout-handshakes");
    }

    @Test
    @DisplayName("names the key of the service that gives the certificate if the target wants another")
    void a_wanted_certificate_is_told_by_key() {
        for (String alert : new String[] {
            "Received fatal alert: certificate_required", "SSL routines:TLSV1_ALERT_CERTIFICATE_REQUIRED"
        }) {
            assertThat(new TargetTlsFailure(false, "turnout.services.\"api\".tls-cert")
                            .explain(new SSLException(alert)))
                    .contains(
                            "the target wants a client certificate, and turnout.services.\"api\".tls-cert is not set");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("takes any certificate if verification is switched off")
    void verification_can_be_switched_off(TlsEngine engine) throws Exception {
        assertThat(outcome(
                        engine,
                        TestAuthority.root("stranger").issue("x"),
                        "a.internal",
                        settings(Optional.empty(), false)))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    @DisplayName("says that a target does not speak TLS")
    void a_plain_target_is_told(TlsEngine engine) throws Exception {
        try (ServerSocket plain = new ServerSocket(0)) {
            Thread target = new Thread(() -> {
                try (java.net.Socket client = plain.accept()) {
                    client.getInputStream().read();
                    client.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            target.start();
            assertThat(outcome(engine, plain.getLocalPort(), "a.internal", settings(Optional.empty(), true)))
                    .isEqualTo("the target does not speak TLS");
            target.join();
        }
    }

    private TargetTlsSettings settings(Optional<String> name, boolean isVerified) throws IOException {
        Path authorities = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.pem());
        return new TargetTlsSettings(
                Optional.of(authorities), name, Optional.empty(), isVerified, TargetProtocol.HTTP1, KEYS);
    }

    private static String outcome(TlsEngine engine, Issued issued, String host, TargetTlsSettings settings)
            throws Exception {
        SslContext context =
                SslContextBuilder.forServer(issued.key(), issued.chain()).build();
        try (TlsServer server = new TlsServer(new OneCertificate(context))) {
            return outcome(engine, server.port(), host, settings);
        }
    }

    private record OneCertificate(SslContext context) implements HandshakeChoices {

        @Override
        public Choice choose(ClientHello hello) {
            return new Choice.Serve(context, ClientAuthPolicy.NONE, CoveredNames.ALL, false);
        }

        @Override
        public ClientAuthPolicy policyOf(byte[] bytes, int start, int end) {
            return ClientAuthPolicy.NONE;
        }

        @Override
        public boolean haveAnother(CoveredNames presented, byte[] bytes, int start, int end) {
            return false;
        }
    }

    /** Returns "ok", or why the handshake failed. */
    private static String outcome(TlsEngine engine, int port, String host, TargetTlsSettings settings)
            throws InterruptedException {
        TargetTls tls = TargetTls.of(engine, TargetTlsFiles.read(settings), TASKS);
        SslHandler[] handler = new SslHandler[1];
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        handler[0] = tls.handler(made.alloc(), host, port);
                        made.pipeline().addLast(handler[0]);
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        try {
            var handshake = handler[0].handshakeFuture().await();
            return handshake.isSuccess()
                    ? "ok"
                    : tls.explain(handshake.cause()).orElse("unknown: " + handshake.cause());
        } finally {
            channel.close().sync();
        }
    }
}
