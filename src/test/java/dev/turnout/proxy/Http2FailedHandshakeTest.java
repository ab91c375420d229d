package dev.turnout.proxy;

import static dev.turnout.support.Http2Target.MAX_CONCURRENT_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Target;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A TLS handshake that fails with a target over HTTP/2")
@Timeout(60)
final class Http2FailedHandshakeTest {

    private static final String NAME = "app.example";
    private static final char[] PASSWORD = {'x'};

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.root("test");
    private Http2Target target;
    private Vertx vertx;
    private TargetPlane plane;

    @BeforeEach
    void begin() throws Exception {
        Issued own = authority.issue(NAME);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("own", own.key(), PASSWORD, own.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        server.setSSLParameters(parameters);
        target = new Http2Target(server);
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        plane = new TargetPlane(
                vertx,
                TargetPlane.config(
                        folder,
                        Map.of(
                                "turnout.protocol",
                                "h2",
                                "turnout.upstream.connect",
                                "2s",
                                "turnout.upstream.tls",
                                "true",
                                "turnout.upstream.tls-ca",
                                ca.toString(),
                                "turnout.upstream.tls-name",
                                NAME)),
                new Target("127.0.0.1", target.port()));
    }

    @AfterEach
    void end() {
        plane.close();
        target.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A handshake that failed was counted twice: the next failure was then not seen, and its request waited. */
    @Test
    void is_counted_once_so_that_the_next_failure_is_told_at_once() throws Exception {
        try (RawClient first = plane.connect();
                RawClient second = plane.connect();
                RawClient third = plane.connect()) {
            first.get("/");
            Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
            one.request();

            second.get("/");
            target.acceptAndClose();
            assertThat(second.read().status()).isEqualTo(502);

            target.stopListening();
            assertThat(third.get("/").read().status()).isIn(502, 503);
            one.answer(1, "one");
            assertThat(first.read().text()).isEqualTo("one");
        }
    }
}
