package dev.turnout.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.tls.PemBlock;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shredzone.acme4j.util.CSRBuilder;
import org.shredzone.acme4j.util.CertificateUtils;

/**
 * A real certificate authority, Let's Encrypt's Pebble, on free ports, with its name server: every name is 127.0.0.1. It
 * is started by {@link #start} and ends after the test.
 */
public final class Pebble implements BeforeEachCallback, AfterEachCallback {

    private final int port = Ports.next();
    private final int management = Ports.next();
    private final int names = Ports.next();
    private final int namesManagement = Ports.next();
    private final Map<String, String> environment =
            new TreeMap<>(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "0"));
    private final Map<String, Object> settings = new HashMap<>();
    private TestFolder folder;
    private Process pebble;
    private Process nameServer;

    /** Sets a variable of Pebble's environment, such as {@code PEBBLE_WFE_NONCEREJECT}. */
    public Pebble environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Has certificates be valid for so long. */
    public Pebble validity(Duration time) {
        settings.put("certificateValidityPeriod", time.toSeconds());
        return this;
    }

    /** Sets another member of Pebble's configuration. */
    public Pebble setting(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = TestFolder.create("pebble");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isPresent() && Files.exists(log())) {
            System.err.println("---- Pebble's log ----\n" + Files.readString(log()) + "----");
        }
        stop();
        folder.close();
    }

    /**
     * Starts the authority.
     *
     * @param http where it asks for HTTP-01 instead of port 80
     * @param tls where it asks for TLS-ALPN-01 instead of port 443
     */
    public Pebble start(int http, int tls) {
        try {
            makeOwnCertificate();
            Map<String, Object> members = new HashMap<>(Map.of(
                    "listenAddress",
                    "127.0.0.1:" + port,
                    "managementListenAddress",
                    "127.0.0.1:" + management,
                    "certificate",
                    folder.path().resolve("own.pem").toString(),
                    "privateKey",
                    folder.path().resolve("own.key").toString(),
                    "httpPort",
                    http,
                    "tlsPort",
                    tls,
                    "ocspResponderURL",
                    "",
                    "externalAccountBindingRequired",
                    false));
            members.putAll(settings);
            Files.writeString(
                    folder.path().resolve("pebble.json"),
                    new JsonObject().put("pebble", new JsonObject(members)).encode());
            nameServer = run(
                    Map.of(),
                    "pebble-challtestsrv",
                    "-dns01",
                    "127.0.0.1:" + names,
                    "-management",
                    "127.0.0.1:" + namesManagement,
                    "-http01",
                    "",
                    "-https01",
                    "",
                    "-tlsalpn01",
                    "",
                    "-defaultIPv6",
                    "");
            startAuthority();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    private void startAuthority() throws IOException {
        pebble = run(
                environment,
                "pebble",
                "-config",
                folder.path().resolve("pebble.json").toString(),
                "-dnsserver",
                "127.0.0.1:" + names);
        Await.until("Pebble listens", () -> Ports.isListening("127.0.0.1", port));
    }

    /** Kills the authority; {@link #comeBack} starts another one that knows nothing of the first one's orders. */
    public void die() {
        pebble.destroyForcibly();
        Await.until("Pebble is gone", () -> !pebble.isAlive());
    }

    /** Starts the authority again. */
    public void comeBack() {
        try {
            startAuthority();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process run(Map<String, String> variables, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(variables);
        return builder.start();
    }

    private Path log() {
        return folder.path().resolve("log");
    }

    /** Returns what Pebble has said. */
    public String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many orders were begun. */
    public long orders() {
        return said().lines().filter(line -> line.contains("Added order")).count();
    }

    private void makeOwnCertificate() throws IOException, GeneralSecurityException {
        KeyPair authority = RsaKeys.first();
        KeyPair own = RsaKeys.second();
        Instant until = Instant.now().plus(Duration.ofDays(1));
        Instant since = Instant.now().minus(Duration.ofHours(1));
        X509Certificate root = CertificateUtils.createTestRootCertificate("CN=Pebble's own", since, until, authority);
        CSRBuilder request = new CSRBuilder();
        request.addDomain("localhost");
        request.addIP(InetAddress.getByName("127.0.0.1"));
        request.sign(own);
        X509Certificate certificate =
                CertificateUtils.createTestCertificate(request.getCSR(), since, until, root, authority.getPrivate());
        Files.writeString(caFile(), PemBlock.of("CERTIFICATE", root.getEncoded()));
        Files.writeString(folder.path().resolve("own.pem"), PemBlock.of("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(
                folder.path().resolve("own.key"),
                PemBlock.of("PRIVATE KEY", own.getPrivate().getEncoded()));
    }

    /** Returns the address of the ACME directory. */
    public URI directory() {
        return URI.create("https://localhost:" + port + "/dir");
    }

    /** Returns the file of the certificate that the directory is trusted by. */
    public Path caFile() {
        return folder.path().resolve("ca.pem");
    }

    /** Returns the file of the certificate that the authority serves with. */
    public Path ownCertificate() {
        return folder.path().resolve("own.pem");
    }

    /** Returns the file of the key of that certificate. */
    public Path ownKey() {
        return folder.path().resolve("own.key");
    }

    /** Returns the port of the ACME directory. */
    public int port() {
        return port;
    }

    /** Returns the port of the name server. */
    public int nameServer() {
        return names;
    }

    /** Returns where the name server takes changes of records, such as {@code /set-txt}. */
    public URI records() {
        return URI.create("http://127.0.0.1:" + namesManagement);
    }

    /** Has the name server answer with another address for a name. */
    public void pointTo(String name, String address) {
        JsonObject host = new JsonObject().put("host", name + ".");
        change("/clear-a", host);
        change("/add-a", host.put("addresses", List.of(address)));
    }

    private void change(String path, JsonObject record) {
        HttpRequest request = HttpRequest.newBuilder(records().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(record.encode()))
                .build();
        try {
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void stop() {
        if (pebble != null) {
            pebble.destroyForcibly().onExit().join();
        }
        if (nameServer != null) {
            nameServer.destroyForcibly().onExit().join();
        }
    }
}
