package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import dev.turnout.support.wire.Response;
import dev.turnout.tls.TlsRefused;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Requests to targets over TLS")
final class EncryptedTargetsTest {

    private static final String NAME = "app.internal";
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private final TestAuthority authority = TestAuthority.root("targets");
    private final int port = Ports.next();

    @TempDir
    private Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() throws IOException {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.issue(NAME).write(folder, "app");
        authority.issue("turnout").write(folder, "own");
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private TargetPlane plane(String... settings) {
        return new TargetPlane(vertx, config(settings), new Target("127.0.0.1", port));
    }

    private TurnoutConfig config(String... settings) {
        return TargetPlane.config(
                folder,
                Map.of(
                        "turnout.blue",
                        "127.0.0.1:" + port,
                        "turnout.upstream.connect",
                        "2s",
                        "turnout.upstream.tls",
                        "true",
                        "turnout.upstream.tls-ca",
                        folder.resolve("ca.pem").toString(),
                        "turnout.upstream.tls-name",
                        NAME),
                settings);
    }

    private String[] own(String engine) {
        return new String[] {
            "turnout.tls.engine", engine,
            "turnout.upstream.tls-cert", folder.resolve("own.crt").toString(),
            "turnout.upstream.tls-key", folder.resolve("own.key").toString()
        };
    }

    /** Starts a real nginx that takes only clients with a certificate of the authority. */
    private Process nginx() throws IOException {
        Path prefix = Files.createDirectories(folder.resolve("nginx"));
        Path conf = Files.writeString(prefix.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log info;
                events { worker_connections 128; }
                http {
                    access_log off;
                    client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    server {
                        listen 127.0.0.1:%2$d ssl http2;
                        ssl_certificate %3$s/app.crt; ssl_certificate_key %3$s/app.key;
                        ssl_client_certificate %3$s/ca.pem; ssl_verify_client on;
                        location / { return 200 "$ssl_client_verify $ssl_server_name $connection_requests $http_host $connection $server_protocol"; }
                    }
                }
                """.formatted(prefix, port, folder));
        Process process = new ProcessBuilder(
                        "nginx", "-p", prefix + "/", "-c", conf.toString(), "-e", prefix + "/error.log")
                .redirectErrorStream(true)
                .redirectOutput(prefix.resolve("out.log").toFile())
                .start();
        Await.until("nginx listens", this::listens);
        return process;
    }

    private boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @DisplayName("go to nginx with Turnout's own certificate, ask for the configured name, and share a connection")
    void requests_reach_a_real_nginx(String engine) throws Exception {
        Process nginx = nginx();
        try (TargetPlane plane = plane(own(engine));
                RawClient client = plane.connect()) {
            assertThat(client.send(GET).read().text()).startsWith("SUCCESS app.internal 1 shop.example ");
            assertThat(client.send(GET).read().text()).startsWith("SUCCESS app.internal 2 shop.example ");
        } finally {
            stop(nginx);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @DisplayName("go to nginx over HTTP/2 where that is what the service speaks")
    void requests_reach_a_real_nginx_over_http2(String engine) throws Exception {
        Process nginx = nginx();
        try (TargetPlane plane = plane(and(own(engine), "turnout.protocol", "h2"));
                RawClient client = plane.connect()) {
            assertThat(client.send(GET).read().text())
                    .startsWith("SUCCESS app.internal 1 shop.example ")
                    .endsWith(" HTTP/2.0");
            assertThat(client.send(GET).read().text()).startsWith("SUCCESS app.internal 2 shop.example ");
        } finally {
            stop(nginx);
        }
    }

    private static String[] and(String[] settings, String... more) {
        String[] all = Arrays.copyOf(settings, settings.length + more.length);
        System.arraycopy(more, 0, all, settings.length, more.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource({"http1, boringssl", "http1, jdk", "h2, boringssl", "h2, jdk"})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @DisplayName("use connections that were opened ahead")
    void connections_are_opened_ahead(String protocol, String engine) throws Exception {
        Process nginx = nginx();
        try (TargetPlane plane = plane(and(own(engine), "turnout.protocol", protocol))) {
            int opened = plane.plane()
                    .connectAhead(Service.DEFAULT, List.of(new Target("127.0.0.1", port)))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(opened).isPositive();
            // The first connection is the test's own.
            try (RawClient client = plane.connect()) {
                String[] answer = client.send(GET).read().text().split(" ");
                assertThat(answer[5]).isEqualTo(protocol.equals("h2") ? "HTTP/2.0" : "HTTP/1.1");
                assertThat(Integer.parseInt(answer[4])).isLessThanOrEqualTo(opened + 1);
            }
        } finally {
            stop(nginx);
        }
    }

    @ParameterizedTest
    @CsvSource({"boringssl, other.internal", "jdk, other.internal"})
    @RequiresProgram(value = "nginx", debianPackage = "nginx")
    @DisplayName("are answered with 502 and do not reach a target that proves another name")
    void another_name_is_refused(String engine, String name) throws Exception {
        Process nginx = nginx();
        try (TargetPlane plane = plane("turnout.tls.engine", engine, "turnout.upstream.tls-name", name);
                RawClient client = plane.connect()) {
            assertThat(client.send(GET).read().status()).isEqualTo(502);
        } finally {
            stop(nginx);
        }
    }

    @Test
    @DisplayName("are answered with 504 within turnout.upstream.connect if the target never answers the handshake")
    void a_silent_target_times_out() throws Exception {
        try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
                TargetPlane plane = plane("turnout.upstream.connect", "300ms");
                RawClient client = plane.connect()) {
            assertThat(silent.isBound()).isTrue();
            assertThat(client.send(GET).read().status()).isEqualTo(504);
        }
    }

    /** What a target that has answered does to its connection. */
    private interface Ending {
        void end(SSLSocket tls, Socket tcp) throws IOException;
    }

    private byte[] answerOf(String engine, Ending ending) throws Exception {
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
                TargetPlane plane = plane("turnout.tls.engine", engine);
                RawClient client = plane.connect()) {
            Thread target = new Thread(() -> answerOnce(server, ending));
            target.start();
            client.send(GET);
            try {
                return client.in().readAllBytes();
            } finally {
                target.join(5000);
            }
        }
    }

    private void answerOnce(ServerSocket server, Ending ending) {
        try (Socket tcp = server.accept();
                SSLSocket tls = (SSLSocket)
                        context(authority.issue(NAME)).getSocketFactory().createSocket(tcp, null, port, false)) {
            tls.setUseClientMode(false);
            byte[] request = new byte[4096];
            assertThat(tls.getInputStream().read(request)).isPositive();
            tls.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nall of it".getBytes(US_ASCII));
            tls.getOutputStream().flush();
            ending.end(tls, tcp);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(Issued issued) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("x", issued.key(), new char[0], issued.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @DisplayName("have a whole response without a length if the target ends it by close_notify")
    void a_close_notify_ends_a_body(String engine) throws Exception {
        String answer = new String(answerOf(engine, (tls, tcp) -> tls.close()), US_ASCII);
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("all of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @DisplayName("have a response without a length reset if the target's connection ends without close_notify")
    void a_bare_fin_cuts_a_body(String engine) throws Exception {
        assertThatThrownBy(() -> answerOf(engine, (tls, tcp) -> tcp.shutdownOutput()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    @DisplayName("go on over a connection on which the target has sent tickets of its session")
    void tickets_are_no_response() throws Exception {
        Process server = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-www",
                        "-tls1_3",
                        "-num_tickets",
                        "4",
                        "-cert",
                        folder.resolve("app.crt").toString(),
                        "-key",
                        folder.resolve("app.key").toString(),
                        "-quiet")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s_server.log").toFile())
                .start();
        try {
            Await.until("openssl listens", this::listens);
            try (TargetPlane plane = plane()) {
                try (RawClient client = plane.connect()) {
                    Response response = client.send(GET).read();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.text()).contains("TLSv1.3");
                }
            }
        } finally {
            stop(server);
        }
    }

    @Test
    @DisplayName("keep what is in force if a file of other settings can't be used")
    void a_bad_file_refuses_a_reload() throws Exception {
        try (TargetPlane plane = plane()) {
            Path missing = folder.resolve("missing.pem");
            assertThatThrownBy(() -> plane.plane().prepare(config("turnout.upstream.tls-ca", missing.toString())))
                    .isInstanceOf(TlsRefused.class)
                    .hasMessage("turnout.upstream.tls-ca=" + missing
                            + ": there is no such file. Repair the file, or remove the key.");
            assertThat(plane.ways()
                            .of(Service.DEFAULT, new Target("127.0.0.1", port))
                            .tls())
                    .isNotNull();
        }
    }
}
