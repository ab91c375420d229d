package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.support.Guards;
import dev.turnout.support.LoggedLines;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import dev.turnout.support.TestClock;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Handshakes get the certificate of their name, and new files are served without a restart")
final class CertificatesTest {

    private static final Instant NOW = Instant.now();

    private final TestAuthority root = TestAuthority.root("Root");
    private final TestClock clock = new TestClock(NOW);
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(temp.resolve("certificates"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closed : open) {
            closed.close();
        }
    }

    private TestSettings settings() {
        return new TestSettings(temp.resolve("state"));
    }

    private Certificates opened(TestSettings settings) {
        Certificates certificates = new Certificates(settings.settings(), clock);
        open.add(certificates);
        certificates.open();
        return certificates;
    }

    private TlsServer server(Certificates certificates) {
        TlsServer server = new TlsServer(certificates);
        open.add(0, server);
        return server;
    }

    private TlsClient client(Certificates certificates) {
        return new TlsClient(server(certificates).port());
    }

    private Issued lasting(Duration until, String... names) {
        return root.issue(NOW.minus(Duration.ofDays(60)), NOW.plus(until), names);
    }

    private static ClientAuthPolicy policyOf(Certificates certificates, String host) {
        byte[] bytes = host.getBytes(StandardCharsets.US_ASCII);
        return certificates.policyOf(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void each_name_gets_its_certificate_and_any_other_name_the_default(Engine engine) throws IOException {
        Issued shop = root.intermediate("Between").issue("shop.example", "www.shop.example");
        Issued wild = root.issue("*.shop.example");
        Issued byDefault = root.issue("other.example");
        shop.write(folder, "a");
        wild.write(folder, "b");
        byDefault.write(folder, "default");
        TlsClient client = client(opened(settings().engine(engine).directory(folder)));

        assertThat(client.ask("shop.example")).isEqualTo(shop.certificate());
        assertThat(client.ask("WWW.shop.example")).isEqualTo(shop.certificate());
        assertThat(client.ask("a.shop.example")).isEqualTo(wild.certificate());
        assertThat(client.ask("a.b.shop.example")).isEqualTo(byDefault.certificate());
        assertThat(client.ask("unknown.example")).isEqualTo(byDefault.certificate());
        assertThat(client.ask("")).isEqualTo(byDefault.certificate());
        assertThat(client.protocol("TLSv1.2").ask("shop.example")).isEqualTo(shop.certificate());
    }

    @Test
    void with_strict_sni_an_unknown_name_and_no_name_are_refused() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        TlsClient client = client(opened(settings().directory(folder).strict()));

        assertThat(client.ask("shop.example")).isNotNull();
        assertThatThrownBy(() -> client.ask("other.example")).hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> client.ask("")).hasMessageContaining("unrecognized_name");
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void a_client_that_takes_no_elliptic_keys_gets_the_rsa_certificate(Engine engine) throws Exception {
        root.issue("shop.example").write(folder, "ec");
        root.issueRsa("shop.example").write(folder, "rsa");
        int port = server(opened(settings().engine(engine).directory(folder))).port();

        assertThat(new TlsClient(port).ask("shop.example").getPublicKey().getAlgorithm())
                .isEqualTo("EC");
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(TlsClient.openssl(
                            port, version, "-servername", "shop.example", "-sigalgs", "rsa_pss_rsae_sha256"))
                    .contains("Peer signature type: RSA-PSS");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void a_client_of_tls_1_2_without_the_curve_of_the_elliptic_key_gets_the_rsa_certificate(Engine engine)
            throws Exception {
        root.issue("shop.example").write(folder, "ec");
        root.issueRsa("shop.example").write(folder, "rsa");
        int port = server(opened(settings().engine(engine).directory(folder))).port();

        assertThat(TlsClient.openssl(port, "-tls1_2", "-servername", "shop.example", "-groups", "X25519"))
                .contains("Peer signature type: RSA-PSS")
                .contains("Server Temp Key: X25519");
        assertThat(TlsClient.openssl(port, "-tls1_3", "-servername", "shop.example", "-groups", "X25519"))
                .contains("Peer signature type: ECDSA");
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    @Guards("T13")
    void a_new_certificate_is_served_at_once_and_open_connections_go_on(Engine engine) throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().engine(engine).directory(folder));
        TlsClient client = client(certificates);
        try (SSLSocket before = client.connect("shop.example")) {
            TlsClient.echo(before);
            Issued next = root.issue("shop.example");
            next.write(folder, "shop");

            CertificateReload reload = certificates.reload();

            assertThat(reload.changed()).singleElement().satisfies(entry -> {
                assertThat(entry.names()).containsExactly("shop.example");
                assertThat(entry.issuer()).isEqualTo("Root");
                assertThat(entry.source()).isEqualTo(CertificateSource.DIRECTORY);
                assertThat(entry.origin()).isEqualTo(folder.resolve("shop.crt").toString());
                assertThat(entry.keyKind()).isEqualTo("EC");
                assertThat(entry.isServing()).isTrue();
            });
            assertThat(client.ask("shop.example")).isEqualTo(next.certificate());
            TlsClient.echo(before);
        }
        assertThat(certificates.reload().unchanged()).isEqualTo(1);
    }

    @Test
    @Guards("T14")
    void the_default_certificate_is_renewed_with_its_entry() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        TlsClient client = client(certificates);
        Issued next = root.issue("shop.example");
        next.write(folder, "shop");

        certificates.reload();

        assertThat(client.ask("unknown.example")).isEqualTo(next.certificate());
    }

    @Test
    @Guards("T15")
    void the_swap_of_a_link_is_noticed_as_certbot_does_it() throws IOException {
        Path archive = Files.createDirectories(temp.resolve("archive/shop"));
        Path live = Files.createDirectories(folder.resolve("shop"));
        Files.writeString(folder.resolve("README"), "certbot's");
        Issued next = root.issue("shop.example");
        int version = 0;
        for (Issued issued : List.of(root.issue("shop.example"), next)) {
            version++;
            Files.writeString(archive.resolve("fullchain" + version + ".pem"), issued.chainPem());
            Files.writeString(archive.resolve("privkey" + version + ".pem"), issued.keyPem());
        }
        link(live, archive, 1);
        Certificates certificates = opened(settings().directory(folder));
        TlsClient client = client(certificates);

        link(live, archive, 2);

        assertThat(certificates.reload().changed()).hasSize(1);
        assertThat(client.ask("shop.example")).isEqualTo(next.certificate());
    }

    private static void link(Path live, Path archive, int version) throws IOException {
        for (String name : List.of("fullchain", "privkey")) {
            Path next = live.resolve(name + ".next");
            Files.createSymbolicLink(next, live.relativize(archive.resolve(name + version + ".pem")));
            Files.move(next, live.resolve(name + ".pem"), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Test
    @Guards("T16")
    void a_half_replaced_pair_keeps_the_old_one_until_both_fit() throws IOException {
        Issued first = root.issue("shop.example");
        Issued second = root.issue("shop.example");
        first.write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        TlsClient client = client(certificates);
        Files.writeString(folder.resolve("shop.crt"), second.chainPem());

        CertificateReload half = certificates.reload();

        assertThat(half.changed()).isEmpty();
        assertThat(half.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isWarning()).isFalse();
            assertThat(problem.text().english())
                    .contains("the key does not fit the certificate", "stays in use", "Repair the files");
        });
        assertThat(certificates.entries().get(0).lastError()).isPresent();
        assertThat(client.ask("shop.example")).isEqualTo(first.certificate());

        Files.writeString(folder.resolve("shop.key"), second.keyPem());

        assertThat(certificates.reload().problems()).isEmpty();
        assertThat(client.ask("shop.example")).isEqualTo(second.certificate());
        assertThat(certificates.entries().get(0).lastError()).isEmpty();
    }

    @Test
    @Guards("T16")
    void the_first_certificate_again_is_applied_after_the_second() throws IOException {
        Issued first = root.issue("shop.example");
        Issued second = root.issue("shop.example");
        first.write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        TlsClient client = client(certificates);

        for (Issued issued : List.of(second, first, second)) {
            issued.write(folder, "shop");
            assertThat(certificates.reload().changed()).hasSize(1);
            assertThat(client.ask("shop.example")).isEqualTo(issued.certificate());
        }
        Files.writeString(folder.resolve("shop.crt"), "broken");
        assertThat(certificates.reload().problems()).hasSize(1);
        second.write(folder, "shop");
        CertificateReload repaired = certificates.reload();
        assertThat(repaired.problems()).isEmpty();
        assertThat(repaired.changed()).isEmpty();
    }

    @Test
    void an_expired_certificate_does_not_replace_a_valid_one() throws IOException {
        Issued valid = root.issue("shop.example");
        valid.write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        TlsClient client = client(certificates);
        lasting(Duration.ofDays(-1), "shop.example").write(folder, "shop");

        assertThat(certificates.reload().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text().english()).contains("the new certificate expired on"));
        assertThat(client.ask("shop.example")).isEqualTo(valid.certificate());
    }

    @Test
    @Guards("T17")
    void a_certificate_with_wrong_dates_is_served_and_said_and_a_clock_that_is_set_right_ends_that()
            throws IOException {
        Issued later = root.issue(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(90)), "later.example");
        later.write(folder, "later");
        Issued expired = lasting(Duration.ofDays(-1), "expired.example");
        expired.write(folder, "expired");
        Certificates certificates = opened(settings().file(folder, "later").file(folder, "expired"));
        TlsClient client = client(certificates);

        assertThat(client.ask("later.example")).isEqualTo(later.certificate());
        assertThat(client.ask("expired.example")).isEqualTo(expired.certificate());
        assertThat(certificates.problems()).hasSize(2).allSatisfy(problem -> assertThat(
                        problem.text().english())
                .contains("It is served, and clients refuse it", "check the clock"));

        clock.pass(Duration.ofDays(2));

        assertThat(certificates.reload().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text().english()).contains("expired on"));
    }

    @Test
    void of_two_certificates_for_a_name_the_valid_one_is_served() throws IOException {
        Issued expiring = lasting(Duration.ofDays(1), "shop.example");
        Issued fresh = root.issue("shop.example");
        expiring.write(folder, "configured");
        Path directory = Files.createDirectory(temp.resolve("directory"));
        fresh.write(directory, "fresh");
        Certificates certificates = opened(settings().file(folder, "configured").directory(directory));
        TlsClient client = client(certificates);
        assertThat(client.ask("shop.example")).isEqualTo(expiring.certificate());

        clock.pass(Duration.ofDays(2));
        certificates.reload();

        assertThat(client.ask("shop.example")).isEqualTo(fresh.certificate());
    }

    @Test
    void a_pair_that_leaves_the_folder_is_served_for_a_while_and_then_gone() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        root.issue("other.example").write(folder, "zother");
        Certificates certificates = opened(settings().directory(folder));
        Files.delete(folder.resolve("shop.crt"));
        Files.delete(folder.resolve("shop.key"));

        CertificateReload first = certificates.reload();
        assertThat(first.removed()).isEmpty();
        assertThat(first.problems()).hasSize(1);
        clock.pass(Duration.ofSeconds(10));

        assertThat(certificates.reload().removed())
                .containsExactly(folder.resolve("shop.crt").toString());
        assertThat(certificates.problems()).isEmpty();
        assertThat(certificates.entries()).hasSize(1);
    }

    @Test
    void a_folder_that_can_not_be_read_keeps_what_was_read_before() throws IOException {
        Issued shop = root.issue("shop.example");
        shop.write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        Files.move(folder, temp.resolve("elsewhere"));
        clock.pass(Duration.ofMinutes(1));

        certificates.reload();
        clock.pass(Duration.ofMinutes(1));

        assertThat(certificates.reload().problems())
                .anySatisfy(problem ->
                        assertThat(problem.text().english()).contains("the folder " + folder + " can't be read"));
        assertThat(client(certificates).ask("shop.example")).isEqualTo(shop.certificate());
    }

    @Test
    void a_folder_without_any_certificate_keeps_what_was_read_before() throws IOException {
        Issued shop = root.issue("shop.example");
        shop.write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        Files.delete(folder.resolve("shop.crt"));
        Files.delete(folder.resolve("shop.key"));
        certificates.reload();
        clock.pass(Duration.ofMinutes(1));

        CertificateReload later = certificates.reload();

        assertThat(later.removed()).isEmpty();
        assertThat(later.problems())
                .anySatisfy(problem -> assertThat(problem.text().english())
                        .contains("the folder " + folder + " has no certificate any more"));
        assertThat(client(certificates).ask("shop.example")).isEqualTo(shop.certificate());
    }

    @Test
    void a_configured_file_that_is_missing_or_broken_refuses_the_start_and_names_the_key() throws IOException {
        assertThatThrownBy(() -> opened(settings().file(folder, "shop")))
                .isInstanceOf(TlsRefused.class)
                .hasMessage("turnout.tls.certificates.\"shop\".cert=" + folder.resolve("shop.crt")
                        + ": there is no such file. Repair the file, or remove the key.");
        assertThatThrownBy(() -> opened(settings().file(folder.resolve("gone/x"), "shop")))
                .hasMessageContaining("there is no folder " + folder.resolve("gone"));
        root.issue("shop.example").write(folder, "shop");
        Files.writeString(folder.resolve("shop.key"), "");
        assertThatThrownBy(() -> opened(settings().file(folder, "shop")))
                .hasMessageContaining("turnout.tls.certificates.\"shop\".key=" + folder.resolve("shop.key"));
    }

    @Test
    void a_start_without_any_certificate_is_refused_unless_acme_gets_one() throws IOException {
        assertThatThrownBy(() -> opened(settings().directory(folder)))
                .hasMessageContaining("there is no certificate for HTTPS: turnout.tls.directory=" + folder);

        Path acme = temp.resolve("acme");
        assertThatCode(() -> opened(settings().acme(acme))).doesNotThrowAnyException();
    }

    @Test
    void a_name_that_acme_has_not_got_yet_has_a_stand_in_until_it_has() throws IOException {
        Path acme = temp.resolve("acme");
        Certificates certificates = opened(settings().acme(acme, "shop.example"));
        TlsClient client = client(certificates);

        assertThat(client.ask("shop.example").getSubjectX500Principal().getName())
                .isEqualTo("CN=Turnout stand-in");
        assertThat(certificates.entries()).singleElement().satisfies(entry -> assertThat(entry.source())
                .isEqualTo(CertificateSource.SELF_SIGNED));

        Issued real = root.issue("shop.example");
        Path own = Files.createDirectories(acme.resolve("shop.example"));
        Files.writeString(own.resolve("cert.pem"), real.chainPem());
        Files.writeString(own.resolve("key.pem"), real.keyPem());
        certificates.reload();

        assertThat(client.ask("shop.example")).isEqualTo(real.certificate());
        assertThat(certificates.entries()).singleElement().satisfies(entry -> assertThat(entry.source())
                .isEqualTo(CertificateSource.ACME));
    }

    @Test
    void a_stand_in_is_renewed_before_it_ends() throws IOException {
        Certificates certificates = opened(settings().acme(temp.resolve("acme"), "shop.example"));
        TlsClient client = client(certificates);
        Instant first = client.ask("shop.example").getNotAfter().toInstant();
        clock.pass(Duration.ofMinutes(23 * 60 + 30));

        certificates.reload();

        assertThat(client.ask("shop.example").getNotAfter().toInstant()).isAfter(first);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void a_challenge_is_answered_only_while_it_is_pending(Engine engine) throws IOException {
        Issued shop = root.issue("shop.example");
        shop.write(folder, "shop");
        Issued challenge = root.issue("shop.example");
        Certificates certificates = opened(settings().engine(engine).directory(folder));
        TlsClient client = client(certificates).offering("acme-tls/1");

        certificates.offer("Shop.example", challenge.chain(), challenge.key());

        try (SSLSocket socket = client.connect("shop.example")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("acme-tls/1");
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(challenge.certificate());
        }
        try (SSLSocket socket = client.offering("http/1.1").connect("shop.example")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(shop.certificate());
        }
        certificates.withdraw("shop.example");
        try (SSLSocket socket = client.offering("acme-tls/1").connect("shop.example")) {
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void unknown_protocols_are_answered_without_one(Engine engine) throws IOException {
        root.issue("shop.example").write(folder, "shop");
        TlsClient client = client(opened(settings().engine(engine).directory(folder)));

        for (String offered : List.of("http/1.0", "h1", "something")) {
            try (SSLSocket socket = client.offering(offered).connect("shop.example")) {
                TlsClient.echo(socket);
                assertThat(socket.getApplicationProtocol()).isEmpty();
            }
        }
        try (SSLSocket socket = client.offering("h2", "http/1.1").connect("shop.example")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"BORINGSSL", "JDK"})
    void clients_are_asked_for_a_certificate_as_the_policy_of_the_name_says(Engine engine) throws IOException {
        TestAuthority clients = TestAuthority.root("Clients");
        Path ca = Files.writeString(temp.resolve("ca.pem"), clients.pem());
        root.issue("open.example").write(folder, "open");
        root.issue("closed.example").write(folder, "closed");
        root.issue("*.wild.example").write(folder, "wild");
        Certificates certificates = opened(settings()
                .engine(engine)
                .file(folder, "open")
                .file(folder, "closed")
                .file(folder, "wild")
                .clientAuth(Demand.REQUEST, ca)
                .clientAuthOf("closed", Demand.REQUIRE, ca)
                .clientAuthOf("open", Demand.NONE, ca)
                .clientAuthOf("a.wild.example", Demand.REQUIRE, ca));
        int port = server(certificates).port();
        Issued known = clients.issue("client");
        Issued stranger = root.issue("stranger");

        assertThat(new TlsClient(port).ask("open.example")).isNotNull();
        assertThat(new TlsClient(port).with(known).ask("closed.example")).isNotNull();
        assertThatThrownBy(() -> new TlsClient(port).ask("closed.example")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new TlsClient(port).with(stranger).ask("closed.example"))
                .isInstanceOf(IOException.class);
        assertThat(new TlsClient(port).ask("b.wild.example")).isNotNull();
        assertThatThrownBy(() -> new TlsClient(port).ask("a.wild.example")).isInstanceOf(IOException.class);
        assertThat(new TlsClient(port).with(known).ask("a.wild.example")).isNotNull();

        assertThat(policyOf(certificates, "open.example")).isEqualTo(ClientAuthPolicy.NONE);
        assertThat(policyOf(certificates, "CLOSED.example").demand()).isEqualTo(Demand.REQUIRE);
        assertThat(policyOf(certificates, "a.wild.example")).isEqualTo(policyOf(certificates, "closed.example"));
        assertThat(policyOf(certificates, "b.wild.example").demand()).isEqualTo(Demand.REQUEST);
    }

    @Test
    void a_look_that_finds_the_same_authorities_keeps_the_policy_which_requests_are_compared_with() throws IOException {
        Path ca = Files.writeString(temp.resolve("ca.pem"), root.pem());
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings()
                .file(folder, "shop")
                .clientAuth(Demand.REQUEST, ca)
                .clientAuthOf("shop", Demand.REQUIRE, ca));
        ClientAuthPolicy own = policyOf(certificates, "shop.example");

        certificates.reload();

        assertThat(policyOf(certificates, "shop.example")).isSameAs(own);
        assertThat(own.demand()).isEqualTo(Demand.REQUIRE);
    }

    @Test
    void the_strictest_policy_of_the_certificates_for_a_name_holds() throws IOException {
        Path ca = Files.writeString(temp.resolve("ca.pem"), root.pem());
        root.issue("shop.example").write(folder, "ec");
        root.issueRsa("shop.example").write(folder, "rsa");
        Certificates certificates =
                opened(settings().file(folder, "ec").file(folder, "rsa").clientAuthOf("rsa", Demand.REQUIRE, ca));

        assertThatThrownBy(() -> client(certificates).ask("shop.example")).isInstanceOf(IOException.class);
        assertThat(policyOf(certificates, "shop.example").demand()).isEqualTo(Demand.REQUIRE);
    }

    @Test
    void authorities_that_can_not_be_read_refuse_the_start_and_later_stay_in_use() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Path ca = temp.resolve("ca.pem");
        TestSettings settings = settings().file(folder, "shop").clientAuth(Demand.REQUIRE, ca);
        assertThatThrownBy(() -> opened(settings)).hasMessageContaining("turnout.tls.client-ca=" + ca);
        Files.writeString(ca, root.pem());
        Certificates certificates = opened(settings);
        Files.delete(ca);

        assertThat(certificates.reload().problems()).singleElement().satisfies(problem -> assertThat(
                        problem.text().english())
                .contains("The authorities of before stay in use"));
        assertThat(client(certificates).with(root.issue("client")).ask("shop.example"))
                .isNotNull();
    }

    @Test
    @Guards("T7")
    void a_key_that_all_may_read_is_used_and_named_with_the_chmod() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Path key = folder.resolve("shop.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Certificates certificates = opened(settings().directory(folder));

        assertThat(certificates.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isWarning()).isTrue();
            assertThat(problem.text().english()).endsWith("Run: chmod o= " + key.toRealPath());
        });
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(certificates.reload().problems()).isEmpty();
    }

    @Test
    void listeners_hear_of_what_is_new_and_of_nothing_else() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        List<CertificateNews> heard = new ArrayList<>();
        certificates.listen(heard::add);

        certificates.reload();
        assertThat(heard).isEmpty();
        Files.writeString(folder.resolve("shop.crt"), "broken");
        certificates.reload();
        certificates.reload();

        assertThat(heard).singleElement().satisfies(news -> assertThat(news.problems())
                .hasSize(1));
    }

    @Test
    @Guards("T2")
    void files_that_can_not_be_served_get_a_line_in_the_log_each_day_until_they_are_repaired() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        try (LoggedLines log = new LoggedLines(Certificates.class.getName())) {
            Files.writeString(folder.resolve("shop.crt"), "broken");
            certificates.reload();
            assertThat(log.take())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Certificates: " + folder.resolve("shop.crt"));
            for (int day = 0; day < 3; day++) {
                clock.pass(Duration.ofHours(23));
                certificates.reload();
                assertThat(log.take())
                        .as("the line of this day is written already")
                        .isEmpty();
                clock.pass(Duration.ofHours(1));
                certificates.reload();
                certificates.reload();
                assertThat(log.take()).singleElement().asString().contains("it holds no certificate");
            }
            root.issue("shop.example").write(folder, "shop");
            certificates.reload();
            assertThat(log.take())
                    .anyMatch(line -> line.startsWith("INFO Certificates: this is over: "))
                    .anyMatch(line -> line.startsWith("INFO Certificate for shop.example is served from now on"));
            clock.pass(Duration.ofDays(2));
            certificates.reload();
            assertThat(log.take()).isEmpty();
        }
    }

    @Test
    @Guards("T2")
    void a_certificate_that_ends_soon_gets_a_line_in_the_log_each_day_until_there_is_a_newer_one() throws IOException {
        lasting(Duration.ofDays(20), "shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));
        try (LoggedLines log = new LoggedLines(Certificates.class.getName())) {
            certificates.reload();
            assertThat(log.take()).isEmpty();
            for (int day = 0; day < 3; day++) {
                clock.to(NOW.plus(Duration.ofDays(7 + day)));
                certificates.reload();
                certificates.reload();
                assertThat(log.take())
                        .singleElement()
                        .asString()
                        .startsWith("WARN Certificate for shop.example ends at ")
                        .contains(folder.resolve("shop.crt").toString());
            }
            lasting(Duration.ofDays(90), "shop.example").write(folder, "shop");
            certificates.reload();
            log.take();
            clock.pass(Duration.ofDays(2));
            certificates.reload();
            assertThat(log.take()).isEmpty();
        }
    }

    @Test
    void no_line_of_the_log_names_a_file_twice() throws IOException {
        try (LoggedLines log = new LoggedLines(Certificates.class.getName())) {
            Issued shop = root.issue("shop.example");
            shop.write(folder, "shop");
            Certificates certificates = opened(settings().file(folder, "shop"));
            Files.writeString(folder.resolve("shop.crt"), "broken");
            certificates.reload();
            Files.delete(folder.resolve("shop.crt"));
            certificates.reload();
            shop.write(folder, "shop");
            clock.pass(Duration.ofDays(9000));
            certificates.reload();
            List<String> lines = log.take();
            assertThat(lines).hasSizeGreaterThan(3).allSatisfy(line -> assertThat(
                            line.split(Pattern.quote(folder.resolve("shop.crt").toString()), -1))
                    .as(line)
                    .hasSizeLessThan(3));
        }
    }

    @Test
    void settings_that_can_not_be_served_are_refused_and_change_nothing() throws IOException {
        Issued shop = root.issue("shop.example");
        shop.write(folder, "shop");
        TestSettings settings = settings().file(folder, "shop");
        Certificates certificates = opened(settings);

        assertThatThrownBy(
                        () -> certificates.check(settings.file(folder, "more").settings()))
                .isInstanceOf(TlsRefused.class)
                .hasMessageContaining("turnout.tls.certificates.\"more\".cert=");
        Issued more = root.issue("more.example");
        more.write(folder, "more");
        certificates.check(settings.settings());
        certificates.apply(settings.settings());

        TlsClient client = client(certificates);
        assertThat(client.ask("more.example")).isEqualTo(more.certificate());
        certificates.apply(settings().file(folder, "more").settings());
        assertThat(client.ask("shop.example")).isEqualTo(more.certificate());
    }

    @Test
    void a_new_file_of_authorities_is_refused_if_it_can_not_be_used_and_a_known_one_is_not() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Path clients = Files.writeString(temp.resolve("clients.pem"), root.pem());
        Path others = temp.resolve("others.pem");
        Certificates certificates = opened(settings().file(folder, "shop").clientAuth(Demand.REQUIRE, clients));
        ClientAuthPolicy before = policyOf(certificates, "shop.example");
        CertificateSettings next = settings()
                .file(folder, "shop")
                .clientAuth(Demand.REQUIRE, clients)
                .clientAuthOf("api.example", Demand.REQUIRE, others)
                .settings();

        Files.writeString(clients, "no certificate");
        certificates.check(settings()
                .file(folder, "shop")
                .clientAuth(Demand.REQUEST, clients)
                .settings());
        assertThatThrownBy(() -> certificates.check(next))
                .isInstanceOf(TlsRefused.class)
                .hasMessageContaining("\"api.example\".client-ca=" + others);

        assertThat(policyOf(certificates, "shop.example")).isEqualTo(before);
        Files.writeString(others, root.pem());
        certificates.check(next);
    }

    @Test
    void settings_that_leave_no_certificate_are_refused() throws IOException {
        root.issue("shop.example").write(temp, "shop");
        Certificates certificates = opened(settings().file(temp, "shop"));
        CertificateSettings ofFolder = settings().directory(folder).settings();

        assertThatThrownBy(() -> certificates.check(ofFolder))
                .isInstanceOf(TlsRefused.class)
                .hasMessageContaining(folder.toString());
        certificates.check(settings().acme(temp.resolve("acme"), "shop.example").settings());
        root.issue("shop.example").write(folder, "shop");
        certificates.check(ofFolder);
    }

    @Test
    void a_folder_that_is_empty_just_now_keeps_nobody_from_another_change() throws IOException {
        root.issue("shop.example").write(folder, "shop");
        Certificates certificates = opened(settings().directory(folder));

        Files.delete(folder.resolve("shop.crt"));
        certificates.reload();

        certificates.check(settings().directory(folder).strict().settings());
    }

    @Test
    void three_hundred_certificates_are_loaded_in_a_few_seconds() throws IOException {
        for (int i = 0; i < 300; i++) {
            root.issue("host-" + i + ".example").write(folder, "c" + i);
        }
        // Of the processor: other tests run beside this one.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Certificates certificates = opened(settings().directory(folder));
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(certificates.entries()).hasSize(300);
        assertThat(client(certificates).ask("host-299.example")).isNotNull();
    }
}
