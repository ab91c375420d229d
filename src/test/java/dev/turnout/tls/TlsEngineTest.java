package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.support.Await;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Both engines speak TLS 1.2 and 1.3 with modern ciphers, and nothing older")
@RequiresProgram(value = "openssl", debianPackage = "openssl")
final class TlsEngineTest {

    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path temp;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closed : open) {
            closed.close();
        }
    }

    private int port(Engine engine) {
        TestAuthority root = TestAuthority.root("Root");
        root.issue("shop.example").write(temp, "shop");
        root.issueRsa("shop.example").write(temp, "rsa");
        Certificates certificates = new Certificates(
                new TestSettings(temp.resolve("state"))
                        .engine(engine)
                        .directory(temp)
                        .settings(),
                Clock.systemUTC());
        certificates.open();
        TlsServer server = new TlsServer(certificates);
        open.addAll(List.of(server, certificates));
        return server.port();
    }

    @Test
    void the_library_of_boringssl_loads_here() {
        assertThat(OpenSsl.isAvailable()).isTrue();
        assertThat(TlsEngine.of(Engine.AUTO)).isEqualTo(TlsEngine.BORINGSSL);
        assertThat(TlsEngine.of(Engine.BORINGSSL)).isEqualTo(TlsEngine.BORINGSSL);
        assertThat(TlsEngine.of(Engine.JDK)).isEqualTo(TlsEngine.JDK);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void old_versions_and_weak_ciphers_are_refused(Engine engine) throws Exception {
        int port = port(engine);

        for (String version : List.of("-tls1", "-tls1_1")) {
            assertThat(TlsClient.openssl(port, version, "-cipher", "ALL:@SECLEVEL=0"))
                    .doesNotContain("\nbye");
        }
        for (String cipher : List.of("AES128-SHA", "ECDHE-RSA-AES128-SHA", "AES256-GCM-SHA384", "DES-CBC3-SHA")) {
            assertThat(TlsClient.openssl(port, "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0"))
                    .doesNotContain("\nbye");
        }
        for (String cipher : List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305")) {
            assertThat(TlsClient.openssl(port, "-tls1_2", "-cipher", cipher)).contains("Cipher is " + cipher, "bye");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void the_key_exchange_is_x25519_or_p_256(Engine engine) throws Exception {
        int port = port(engine);

        assertThat(TlsClient.openssl(port, "-groups", "X25519")).contains("Server Temp Key: X25519");
        assertThat(TlsClient.openssl(port, "-groups", "P-256")).contains("Server Temp Key: ECDH, prime256v1");
        assertThat(TlsClient.openssl(port, "-groups", "P-256:X25519")).contains("bye");
    }

    @Test
    void boringssl_exchanges_keys_with_x25519mlkem768() throws Exception {
        SslContext client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, new String[] {"X25519MLKEM768"})
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        try (HandshakeLoad load = new HandshakeLoad("shop.example", port(Engine.BORINGSSL), 10, client)) {
            Await.until("a handshake", () -> load.done() > 0);
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void without_the_library_auto_falls_back_and_boringssl_refuses_the_start_with_the_reason() throws Exception {
        assertThat(withoutLibrary(Engine.AUTO))
                .contains("since the library of BoringSSL does not load here", "A handshake costs two to ten times")
                .endsWith("JDK");
        assertThat(withoutLibrary(Engine.BORINGSSL))
                .contains("turnout.tls.engine=boringssl: the library of BoringSSL does not load here (")
                .contains("set turnout.tls.engine=auto");
        assertThat(withoutLibrary(Engine.JDK)).isEqualTo("JDK");
    }

    private static String withoutLibrary(Engine wanted) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dio.netty.handler.ssl.noOpenSsl=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TlsEngineProbe.class.getName(),
                        wanted.name())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void no_ticket_lets_a_client_send_a_request_before_the_handshake(Engine engine) throws Exception {
        assertThat(TlsClient.openssl(port(engine), "-tls1_3"))
                .contains("Max Early Data: 0")
                .doesNotContainPattern("Max Early Data: [1-9]");
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void a_client_can_not_renegotiate(Engine engine) throws Exception {
        int port = port(engine);
        Process client = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-tls1_2")
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        say(client, "R\n");
        for (int c = client.getInputStream().read();
                c >= 0;
                c = client.getInputStream().read()) {
            said.append((char) c);
            if (said.toString().endsWith("RENEGOTIATING\n")) {
                say(client, "bye\n");
            }
        }

        assertThat(said).contains("RENEGOTIATING").doesNotContain("\nbye");
    }

    /** The client may have ended already. */
    private static void say(Process client, String line) {
        try {
            client.getOutputStream().write(line.getBytes());
            client.getOutputStream().flush();
        } catch (IOException e) {
            assertThat(client.toHandle().onExit()).succeedsWithin(java.time.Duration.ofSeconds(10));
        }
    }

    @Test
    void the_engine_of_java_makes_handshakes_with_itself_before_the_first_client() throws Exception {
        CertificatePair pair =
                SelfSigned.of("warm-up.invalid", Clock.systemUTC().instant());
        TicketKeys tickets = new TicketKeys(temp, Clock.systemUTC());
        tickets.look();
        ServerContexts contexts = new ServerContexts(TlsEngine.JDK, tickets, true);

        assertThat(EngineWarmUp.run(contexts.of(pair, ClientAuthPolicy.NONE), pair))
                .isBetween(1, 200);
    }
}
