package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Clients of every TLS library are served by HTTPS")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsClientsIT {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

    private static final String ANSWER = "HTTP/1.1 200 ";

    /** An application that sends the fields that scanners ask for. */
    private static final Effect PAGE = Effect.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n"
            + "Content-Security-Policy: default-src 'self'\r\nX-Content-Type-Options: nosniff\r\n"
            + "X-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n\r\nblue");

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private final TestAuthority authority = TestAuthority.root("clients");
    private final TestAuthority.Issued elliptic = authority.issue("shop.example", "localhost");
    private Path ca;
    private URI front;

    /** What a program has said, standard error included. */
    private record Ran(int exit, String output) {}

    @BeforeAll
    void start() throws IOException {
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        elliptic.write(certificates, "elliptic");
        authority.issueRsa("shop.example", "localhost").write(certificates, "rsa");
        ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(arena.backend().always(PAGE))
                .green(arena.application("green"))
                .set("turnout.tls.hsts", "365d")
                .set("turnout.tls.directory", certificates.toString())
                .set("turnout.tls.port", "0"));
        front = turnout.awaitReady().secureFront().orElseThrow();
    }

    private static Ran run(String input, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
            in.flush();
            // OpenSSL ends at the end of its input, whatever is still to come.
            if (!process.waitFor(Rounds.of(300, 600), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end:\n" + Files.readString(output));
            }
        }
        return new Ran(process.exitValue(), Files.readString(output));
    }

    private String address() {
        return "127.0.0.1:" + front.getPort();
    }

    private Ran openssl(String input, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", address(), "-servername", "shop.example", "-CAfile", ca.toString()));
        command.addAll(List.of("-verify_return_error"));
        command.addAll(Arrays.asList(options));
        return run(input, command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1_2", "TLSv1_3"})
    @RequiresProgram(value = "python3", debianPackage = "python3")
    void pythons_ssl_gets_a_close_notify_and_resumes_its_session(String version) throws Exception {
        Ran ran = run(
                "",
                "python3",
                Path.of("src/test/resources/tls_client.py").toAbsolutePath().toString(),
                String.valueOf(front.getPort()),
                ca.toString(),
                version);

        assertThat(ran.output()).isEqualTo("200 False\n200 True\n");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_3, X25519, 'Server Temp Key: X25519, 253 bits', TLSv1.3",
        "-tls1_3, P-256, 'Server Temp Key: ECDH, prime256v1, 256 bits', TLSv1.3",
        "-tls1_2, X25519:P-256, 'Server Temp Key: X25519, 253 bits', TLSv1.2",
        "-tls1_2, P-256, 'Server Temp Key: ECDH, prime256v1, 256 bits', TLSv1.2"
    })
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void openssl_agrees_on_its_version_and_group(String version, String group, String exchange, String agreed)
            throws Exception {
        Ran ran = openssl(REQUEST, version, "-groups", group, "-ign_eof");

        assertThat(ran.output())
                .contains(exchange, "New, " + agreed, "Verify return code: 0 (ok)", ANSWER)
                .contains("closed");
        assertThat(ran.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ECDSA+SHA256, ECDSA", "RSA-PSS+SHA256, RSA-PSS"})
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void openssl_gets_the_certificate_whose_key_it_takes(String takes, String signature) throws Exception {
        Ran ran = openssl(REQUEST, "-tls1_3", "-sigalgs", takes, "-ign_eof");

        assertThat(ran.output()).contains("Peer signature type: " + signature, ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void versions_before_1_2_are_refused_by_an_alert(String version) throws Exception {
        Ran ran = openssl(REQUEST, version, "-cipher", "ALL:@SECLEVEL=0", "-ign_eof");

        assertThat(ran.output()).contains("alert protocol version");
    }

    @Test
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void a_renegotiation_by_the_client_is_refused() throws Exception {
        // The letter at the beginning of a line is s_client's word for it.
        Ran ran = openssl("R\n" + REQUEST, "-tls1_2");

        assertThat(ran.output()).contains("RENEGOTIATING").doesNotContain("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NORMAL:-VERS-ALL:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3", "SECURE128"})
    @RequiresProgram(value = "gnutls-cli", debianPackage = "gnutls-bin")
    void gnutls_is_served(String priority) throws Exception {
        Ran ran = run(
                REQUEST,
                "gnutls-cli",
                "--x509cafile=" + ca,
                "--priority=" + priority,
                "--sni-hostname=shop.example",
                "--verify-hostname=shop.example",
                "--port=" + front.getPort(),
                "127.0.0.1");

        assertThat(ran.output()).contains("The certificate is trusted", ANSWER, "Peer has closed");
        assertThat(ran.exit()).isZero();
    }

    /** What it offers by ALPN: by default HTTP/2 too, and with HTTP/1.0 a name that few servers know. */
    @Guards("T21")
    @ParameterizedTest
    @ValueSource(strings = {"--http2", "--http1.1", "--http1.0", "--no-alpn", "--tlsv1.3", "--tls-max=1.2"})
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void curl_is_served_whatever_protocol_it_offers(String option) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--cacert", ca.toString()));
        command.addAll(List.of(option.split("=")));
        command.addAll(List.of("--resolve", "shop.example:" + front.getPort() + ":127.0.0.1"));
        command.add("https://shop.example:" + front.getPort() + "/");

        assertThat(run("", command.toArray(String[]::new))).isEqualTo(new Ran(0, "blue"));
    }

    @Test
    void javas_client_speaks_http_2() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_2)
                .build();
        URI address = URI.create("https://localhost:" + front.getPort() + "/");

        for (int i = 0; i < 2; i++) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("blue");
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    @RequiresProgram(value = "chromium", debianPackage = "chromium")
    void a_browser_shows_the_page() throws Exception {
        byte[] key = elliptic.certificate().getPublicKey().getEncoded();
        String pin = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        Path profile = Files.createDirectory(folder.resolve("profile"));

        Ran ran = run(
                "",
                "env",
                "HOME=" + profile,
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + profile,
                "--host-resolver-rules=MAP shop.example 127.0.0.1",
                "--ignore-certificate-errors-spki-list=" + pin,
                "--dump-dom",
                "https://shop.example:" + front.getPort() + "/");

        assertThat(ran.output()).contains("<body>").contains("blue");
    }

    /** Protocols and groups by default; ciphers, weaknesses and the certificate too with {@code -Pthorough}. */
    @Test
    @RequiresProgram(value = "testssl", debianPackage = "testssl.sh")
    void testssl_finds_nothing_worse_than_low() throws Exception {
        Path findings = folder.resolve("findings.json");
        List<String> command = new ArrayList<>(List.of("testssl", "--quiet", "--color", "0", "--warnings", "off"));
        command.addAll(List.of("--add-ca", ca.toString(), "--jsonfile", findings.toString()));
        command.addAll(Rounds.of(0, 1) == 0 ? List.of("-p", "-f") : List.of("-p", "-s", "-f", "-P", "-S", "-h", "-U"));
        command.addAll(List.of("--ip", "127.0.0.1", "shop.example:" + front.getPort()));

        Ran ran = run("", command.toArray(String[]::new));

        assertThat(Files.readString(findings)).as(ran.output()).contains("\"TLS1_3\"");
        assertThat(Files.readString(findings).split("\\},?\\s*\\{"))
                .as(ran.output())
                .noneMatch(finding -> finding.matches("(?s).*\"severity\"\\s*:\\s*\"(MEDIUM|HIGH|CRITICAL|FATAL)\".*"));
    }
}
