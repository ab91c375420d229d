package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The admin port with a certificate")
final class AdminTlsIT {

    private static final String TOKEN = "a-token-of-a-test";
    private static final String STATUS = "/admin/status";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TestAuthority authority = TestAuthority.root("Admin Authority");

    @TempDir
    private Path folder;

    private TurnoutProcess.Settings settings;
    private Path ca;

    @BeforeEach
    void files() throws IOException {
        ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        settings = TurnoutProcess.with()
                .inFile()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.admin.token", TOKEN)
                .set("turnout.admin.tls.cert", folder.resolve("admin.crt").toString())
                .set("turnout.admin.tls.key", folder.resolve("admin.key").toString());
        replace();
    }

    private X509Certificate replace() {
        TestAuthority.Issued issued = authority.issue("localhost");
        issued.write(folder, "admin");
        return issued.certificate();
    }

    // --- Callers ---------------------------------------------------------------------------------------------------

    private static URI url(TurnoutProcess turnout, String path) {
        return URI.create("https://localhost:" + turnout.adminAddress().getPort() + path);
    }

    private SSLContext believing(TestAuthority.Issued... own) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore ownKeys = KeyStore.getInstance(KeyStore.getDefaultType());
        ownKeys.load(null, null);
        for (TestAuthority.Issued issued : own) {
            ownKeys.setKeyEntry("own", issued.key(), new char[0], issued.chain().toArray(X509Certificate[]::new));
        }
        keys.init(ownKeys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpRequest request(URI url) {
        return HttpRequest.newBuilder(url)
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Await.PATIENCE)
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, URI url) throws Exception {
        return client.send(request(url), HttpResponse.BodyHandlers.ofString());
    }

    private static X509Certificate certificate(HttpResponse<String> answer) throws Exception {
        return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    private static TurnoutCommand run(Path where, String... words) throws InterruptedException {
        TurnoutCommand command = TurnoutCommand.start(where, List.of(), TurnoutCommand.line(words));
        command.exit();
        return command;
    }

    /** Runs a word as on the machine of Turnout: it finds the address by itself. */
    private TurnoutCommand local(String... words) throws InterruptedException {
        return run(settings.file().getParent(), words);
    }

    /** Runs a word as from another machine: it is told everything. */
    private TurnoutCommand remote(TurnoutProcess turnout, String host, String... words) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TOKEN);
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(
                "--url", "https://" + host + ":" + turnout.adminAddress().getPort(), "--token-file", token.toString()));
        return run(folder, line.toArray(String[]::new));
    }

    private static String curl(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-w", "\n%{http_code}"));
        line.addAll(List.of(words));
        Process curl = new ProcessBuilder(line).redirectErrorStream(true).start();
        try (InputStream out = curl.getInputStream()) {
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return said + " exit " + curl.waitFor();
        }
    }

    // --- Who is answered -------------------------------------------------------------------------------------------

    @Test
    @RequiresProgram(value = "curl", debianPackage = "curl")
    void a_caller_that_believes_the_authority_is_answered_and_still_needs_the_token() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        String status = url(turnout, STATUS).toString();

        assertThat(turnout.adminAddress()).hasScheme("https");
        assertThat(curl("--cacert", ca.toString(), "-H", "Authorization: Bearer " + TOKEN, status))
                .contains("\"active\" : \"blue\"")
                .endsWith("\n200 exit 0");
        assertThat(curl("--cacert", ca.toString(), status)).endsWith("\n401 exit 0");
        assertThat(curl("--cacert", ca.toString(), url(turnout, "/q/metrics").toString()))
                .endsWith("\n401 exit 0");
        assertThat(curl(
                        "--cacert",
                        ca.toString(),
                        url(turnout, "/q/health/live").toString()))
                .endsWith("\n200 exit 0");
        assertThat(curl(status)).endsWith("\n000 exit 60");
        assertThat(get(client(believing()), url(turnout, STATUS)).statusCode()).isEqualTo(200);
    }

    @Test
    void plain_HTTP_is_refused_with_a_sentence_and_does_nothing() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        URI plain = URI.create("http://127.0.0.1:" + turnout.adminAddress().getPort());

        try (RawClient caller = RawClient.to(plain)) {
            caller.send("POST /admin/switch?to=green&force=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + TOKEN + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(caller.read().text())
                    .contains("urn:turnout:problem:https-only", "Nothing was done", "replace it");
        }
        TurnoutCommand word = run(folder, "switch", "--to", "green", "--url", plain.toString());
        assertThat(word.exit()).isEqualTo(3);
        assertThat(word.err()).contains("Nothing was done", "https://");
        assertThat(get(client(believing()), url(turnout, STATUS)).body()).contains("\"active\" : \"blue\"");
    }

    @Test
    void with_a_client_authority_a_caller_needs_a_certificate_and_the_token_too() throws Exception {
        TestAuthority operators = TestAuthority.root("Operators");
        Path theirs = Files.writeString(folder.resolve("operators.pem"), operators.pem());
        TestAuthority.Issued alice = operators.issue("alice");
        alice.write(folder, "alice");
        TestAuthority.Issued mallory = TestAuthority.root("Others").issue("alice");
        mallory.write(folder, "mallory");
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.tls.client-ca", theirs.toString()));

        assertThat(get(client(believing(alice)), url(turnout, STATUS)).statusCode())
                .isEqualTo(200);
        assertThat(client(believing(alice))
                        .send(
                                HttpRequest.newBuilder(url(turnout, STATUS)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        for (String name : List.of("", "mallory")) {
            String[] own = name.isEmpty()
                    ? new String[0]
                    : new String[] {"--cert-file", file(name, "crt"), "--key-file", file(name, "key")};
            TurnoutCommand refused = local(Stream.concat(Stream.of("switch", "--to", "green"), Stream.of(own))
                    .toArray(String[]::new));
            assertThat(refused.exit()).as(name + refused.out() + refused.err()).isEqualTo(3);
            assertThat(refused.err()).contains("turnout.admin.tls.client-ca", "nothing was done", "--cert-file");
        }
        TurnoutCommand taken = local("status", "--cert-file", file("alice", "crt"), "--key-file", file("alice", "key"));
        assertThat(taken.exit()).as(taken.err()).isZero();
    }

    private String file(String name, String end) {
        return folder.resolve(name + "." + end).toString();
    }

    // --- The command line ------------------------------------------------------------------------------------------

    @Test
    void words_on_the_machine_find_the_address_and_the_certificate_by_themselves() throws Exception {
        arena.start(settings);

        TurnoutCommand switched = local("switch", "--to", "green");
        assertThat(switched.exit()).as(switched.out() + switched.err()).isZero();
        assertThat(local("status").out()).containsPattern("green +serves");
        assertThat(local("history").out()).contains("green");
        assertThat(local("health").exit()).isZero();
        assertThat(local("certificates").out()).contains("localhost", "Admin Authority");
        assertThat(local("check").out()).contains("no errors");
        assertThat(local("doctor", "--json").out()).contains("Turnout answers at https://127.0.0.1:");
    }

    @Test
    void words_elsewhere_believe_the_authority_that_they_are_told_of_and_check_the_name() throws Exception {
        TurnoutProcess turnout = arena.start(settings);

        TurnoutCommand believed = remote(turnout, "localhost", "status", "--ca-file", ca.toString());
        assertThat(believed.exit()).as(believed.err()).isZero();
        TurnoutCommand unknown = remote(turnout, "localhost", "status");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err()).contains("no authority that is believed", "--ca-file");
        Path other = Files.writeString(
                folder.resolve("other.pem"), TestAuthority.root("Other").pem());
        assertThat(remote(turnout, "localhost", "status", "--ca-file", other.toString())
                        .err())
                .contains("no authority that is believed");
        TurnoutCommand misnamed = remote(turnout, "127.0.0.1", "status", "--ca-file", ca.toString());
        assertThat(misnamed.exit()).isEqualTo(3);
        assertThat(misnamed.err()).contains("is for other names", "--url");
        TurnoutCommand missing = remote(turnout, "localhost", "status", "--ca-file", "/nonexistent.pem");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("/nonexistent.pem: there is no such file", "--ca-file");
    }

    @Test
    void a_word_that_speaks_TLS_to_a_plain_port_says_so() throws Exception {
        TurnoutProcess plain =
                arena.start(settings.unset("turnout.admin.tls.cert").unset("turnout.admin.tls.key"));

        TurnoutCommand word = remote(plain, "localhost", "status", "--ca-file", ca.toString());

        assertThat(word.exit()).isEqualTo(3);
        assertThat(word.err()).contains("speaks no TLS there", "http://");
    }

    // --- Files that change -----------------------------------------------------------------------------------------

    @Test
    void replaced_files_are_served_after_a_reload_and_no_call_fails() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        SSLContext context = believing();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        Thread polling = new Thread(() -> {
            while (!isOver.get()) {
                try {
                    // A client of its own each time: otherwise one connection would serve all.
                    int status = get(client(context), url(turnout, STATUS)).statusCode();
                    if (status != 200) {
                        failures.add("status " + status);
                    }
                } catch (Exception e) {
                    failures.add(e.toString());
                }
                calls.incrementAndGet();
            }
        });
        polling.start();
        try {
            for (int round = 0; round < Rounds.of(3, 100); round++) {
                X509Certificate next = replace();
                int before = calls.get();
                TurnoutCommand reload = local("certificates", "reload");
                assertThat(reload.exit()).as(reload.out() + reload.err()).isZero();
                // A session that is resumed has the certificate of its first handshake.
                assertThat(certificate(get(client(believing()), url(turnout, STATUS))))
                        .isEqualTo(next);
                Await.until("further calls", () -> calls.get() > before + 2);
            }
        } finally {
            isOver.set(true);
            polling.join();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void a_pair_that_does_not_fit_keeps_the_old_one_and_the_commands_on_the_machine_still_work() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        X509Certificate before = certificate(get(client(believing()), url(turnout, STATUS)));
        Files.writeString(
                folder.resolve("admin.crt"), authority.issue("localhost").chainPem());

        TurnoutCommand reload = local("certificates", "reload");

        assertThat(reload.exit()).isEqualTo(1);
        assertThat(reload.err()).contains("turnout.admin.tls.key", "does not fit", "stays in use");
        HttpResponse<String> status = get(client(believing()), url(turnout, STATUS));
        assertThat(certificate(status)).isEqualTo(before);
        assertThat(status.body()).contains("turnout.admin.tls.key");
    }

    @Test
    void a_pair_that_can_not_be_served_refuses_the_start_and_the_check_with_the_same_words() throws Exception {
        Files.writeString(
                folder.resolve("admin.key"), authority.issue("localhost").keyPem());
        TurnoutProcess refused = arena.keep(settings.launch());

        assertThat(refused.awaitExit()).isEqualTo(1);
        String words = "turnout.admin.tls.key=" + folder.resolve("admin.key") + ": the key does not fit";
        assertThat(refused.log()).contains(words, "Repair the file, or remove the key");
        TurnoutCommand check = local("check");
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err()).contains(words);
    }

    @Test
    void a_successor_takes_over_with_the_certificate() throws Exception {
        settings.set("turnout.listen.reuse-port", "true");
        TurnoutProcess first = arena.start(settings);
        X509Certificate next = replace();
        TurnoutProcess second = arena.keep(first.restart());

        assertThat(first.awaitExit()).isZero();
        assertThat(certificate(get(client(believing()), url(second, STATUS)))).isEqualTo(next);
        assertThat(local("status").exit()).isZero();
    }

    // --- The front -------------------------------------------------------------------------------------------------

    @Test
    void the_front_still_serves_the_admin_API_and_nobody_else_is_answered_behind_it() throws Exception {
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.on-front", "true"));

        assertThat(get(HttpClient.newHttpClient(), turnout.front().resolve(STATUS))
                        .body())
                .contains("\"active\" : \"blue\"");
        for (int port : listening(turnout)) {
            if (port == turnout.adminAddress().getPort()
                    || port == turnout.front().getPort()) {
                continue;
            }
            try (RawClient caller = RawClient.to(URI.create("http://127.0.0.1:" + port))) {
                caller.send("GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN
                        + "\r\n\r\n");
                assertThat(caller.readUntilClosed()).isEmpty();
            }
        }
    }

    /** Returns the ports that a process listens on: proc(5). */
    private static List<Integer> listening(TurnoutProcess turnout) throws IOException {
        List<String> files = turnout.openFiles();
        List<Integer> ports = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + turnout.pid() + "/net/" + table))) {
                String[] columns = line.trim().split("\\s+");
                if (columns[3].equals("0A") && files.contains("socket:[" + columns[9] + "]")) {
                    ports.add(Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
                }
            }
        }
        assertThat(ports).hasSizeGreaterThan(2);
        return ports;
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void an_encrypted_key_is_opened_by_its_password_file_with_either_engine(String engine) throws Exception {
        Path plain = folder.resolve("admin.key");
        Path encrypted = folder.resolve("encrypted.key");
        Path password = Files.writeString(folder.resolve("password"), "s3cret words\n");
        assertThat(new ProcessBuilder(
                                "openssl",
                                "pkcs8",
                                "-topk8",
                                "-v2",
                                "aes-256-cbc",
                                "-in",
                                plain.toString(),
                                "-out",
                                encrypted.toString(),
                                "-passout",
                                "file:" + password)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        settings.set("turnout.tls.engine", engine)
                .set("turnout.admin.tls.key", encrypted.toString())
                .set("turnout.admin.tls.password-file", password.toString());
        TurnoutProcess turnout = arena.start(settings);

        assertThat(get(client(believing()), url(turnout, STATUS)).statusCode()).isEqualTo(200);
        Files.writeString(password, "another\n");
        TurnoutCommand reload = local("certificates", "reload", "--token-file", token().toString());
        assertThat(reload.exit()).isEqualTo(1);
        assertThat(reload.err()).contains(encrypted + ": it holds a key that the password does not open");
        assertThat(get(client(believing()), url(turnout, STATUS)).statusCode()).isEqualTo(200);
    }

    private Path token() throws IOException {
        return Files.writeString(folder.resolve("token"), TOKEN);
    }

    // --- Attacks ---------------------------------------------------------------------------------------------------

    @Test
    void callers_that_stop_in_their_handshake_keep_nobody_out_and_are_closed() throws Exception {
        TurnoutProcess turnout =
                arena.start(settings.set("turnout.admin.connections", "32").set("turnout.admin.arrival", "2s"));
        byte[] beginning = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc};
        List<Socket> stopped = new ArrayList<>();
        try {
            for (int i = 0; i < Rounds.of(200, 2_000); i++) {
                Socket socket = new Socket();
                socket.connect(
                        new InetSocketAddress(
                                "127.0.0.1", turnout.adminAddress().getPort()),
                        15_000);
                socket.getOutputStream().write(beginning);
                stopped.add(socket);
            }
            assertThat(get(client(believing()), url(turnout, STATUS)).statusCode())
                    .isEqualTo(200);
            for (Socket socket : stopped) {
                socket.setSoTimeout(15_000);
                assertThat(ended(socket)).isTrue();
            }
        } finally {
            for (Socket socket : stopped) {
                socket.close();
            }
        }
        assertThat(get(client(believing()), url(turnout, STATUS)).statusCode()).isEqualTo(200);
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes().length >= 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void a_ClientHello_without_end_is_cut_off() throws Exception {
        TurnoutProcess turnout = arena.start(settings);
        byte[] record = new byte[5 + 16_384];
        record[0] = 0x16;
        record[1] = 3;
        record[2] = 1;
        record[3] = 0x40;
        byte[] first = record.clone();
        // A handshake message of 16 MiB.
        first[5] = 1;
        first[6] = (byte) 0xff;
        first[7] = (byte) 0xff;
        first[8] = (byte) 0xff;
        int sent = 0;
        try (Socket socket = new Socket("127.0.0.1", turnout.adminAddress().getPort())) {
            socket.getOutputStream().write(first);
            for (; sent < 1_000; sent++) {
                socket.getOutputStream().write(record);
            }
        } catch (IOException e) {
            assertThat(sent).isLessThan(1_000);
        }
        assertThat(get(client(believing()), url(turnout, STATUS)).statusCode()).isEqualTo(200);
        assertThat(turnout.residentBytes()).isLessThan(400L << 20);
    }
}
