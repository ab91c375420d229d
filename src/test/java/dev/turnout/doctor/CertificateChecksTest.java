package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.client.AdminClient;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.support.Guards;
import dev.turnout.support.TestAuthority;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of certificates and of the names that they are ordered for. */
final class CertificateChecksTest {

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.root("authority");

    private TurnoutConfig config(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "turnout.tls.directory",
                folder.toString(),
                "turnout.state.directory",
                folder.resolve("state").toString()));
        properties.putAll(more);
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .build());
    }

    private List<Finding> look(Instant now, Map<String, String> more) {
        return CertificatesCheck.ofFront(config(more), Clock.fixed(now, ZoneOffset.UTC))
                .look();
    }

    private List<Finding> look() {
        return look(Instant.now(), Map.of());
    }

    @Test
    void a_pair_that_fits_is_good() {
        authority.issue("shop.example.com").write(folder, "shop");

        Findings.only(look(), Severity.GOOD);
    }

    @Test
    void a_key_that_does_not_fit_is_an_error_that_names_the_file() throws Exception {
        authority.issue("shop.example.com").write(folder, "shop");
        Files.writeString(
                folder.resolve("shop.key"), authority.issue("shop.example.com").keyPem());

        assertThat(Findings.only(look(), Severity.ERROR).seen().english()).contains("shop.crt", "does not fit");
    }

    @Test
    void an_empty_folder_refuses_the_start() {
        assertThat(Findings.only(look(), Severity.ERROR).advice().english()).contains("does not start");
    }

    @Test
    void a_file_of_authorities_that_is_missing_is_an_error_as_at_the_start() {
        authority.issue("shop.example.com").write(folder, "shop");
        Map<String, String> asked =
                Map.of("turnout.tls.client-auth", "request", "turnout.tls.client-ca", folder + "/missing");

        assertThat(Findings.only(look(Instant.now(), asked), Severity.ERROR)
                        .seen()
                        .english())
                .contains("turnout.tls.client-ca");
    }

    @Test
    void a_key_that_everybody_may_read_is_a_warning_that_names_the_chmod() throws Exception {
        authority.issue("shop.example.com").write(folder, "shop");
        Files.setPosixFilePermissions(folder.resolve("shop.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(Findings.only(look(), Severity.WARNING).seen().english()).contains("chmod");
    }

    @Test
    void the_last_fortnight_is_a_warning_and_the_end_is_an_error() {
        authority.issue("shop.example.com").write(folder, "shop");

        Instant late = Instant.now().plus(Duration.ofDays(80));
        assertThat(Findings.only(look(late, Map.of()), Severity.WARNING).seen().english())
                .contains("ends in 9 days");
        Instant over = Instant.now().plus(Duration.ofDays(91));
        assertThat(Findings.only(look(over, Map.of()), Severity.ERROR).seen().english())
                .contains("expired");
    }

    @Test
    void a_certificate_of_the_future_hints_at_the_clock() {
        authority.issue("shop.example.com").write(folder, "shop");

        Instant early = Instant.now().minus(Duration.ofDays(30));
        assertThat(Findings.only(look(early, Map.of()), Severity.ERROR).seen().english())
                .contains("not valid before", "clock");
    }

    @Test
    void a_host_without_a_certificate_is_named_unless_one_is_ordered() {
        authority.issue("*.example.com").write(folder, "all");
        Map<String, String> hosts = Map.of(
                "turnout.services.\"shop\".hosts", "shop.example.com,example.com",
                "turnout.services.\"shop\".blue", "127.0.0.1:1",
                "turnout.services.\"shop\".green", "127.0.0.1:2");

        Finding finding = Findings.only(look(Instant.now(), hosts), Severity.WARNING);
        assertThat(finding.seen().english()).isEqualTo("There is no certificate for example.com");

        Map<String, String> ordered = new HashMap<>(hosts);
        ordered.putAll(Map.of(
                "turnout.acme.email", "admin@example.com",
                "turnout.acme.terms-agreed", "true"));
        Findings.only(look(Instant.now(), ordered), Severity.GOOD);
    }

    @Test
    void a_host_below_a_wildcard_that_is_ordered_is_covered() {
        authority.issue("other.example").write(folder, "other");
        Map<String, String> ordered = Map.of(
                "turnout.services.\"shop\".hosts", "shop.example.com,a.shop.example.com",
                "turnout.services.\"shop\".blue", "127.0.0.1:1",
                "turnout.services.\"shop\".green", "127.0.0.1:2",
                "turnout.acme.email", "admin@example.com",
                "turnout.acme.terms-agreed", "true",
                "turnout.acme.challenge", "dns-01",
                "turnout.acme.dns-hook", "/bin/true",
                "turnout.acme.names", "*.example.com");

        assertThat(Findings.only(look(Instant.now(), ordered), Severity.WARNING)
                        .seen()
                        .english())
                .isEqualTo("There is no certificate for a.shop.example.com");
    }

    @Test
    void a_certificate_without_that_of_its_issuer_is_a_warning() throws Exception {
        TestAuthority.Issued issued = authority.intermediate("Between").issue("shop.example.com");
        issued.write(folder, "shop");
        Findings.only(look(), Severity.GOOD);

        Files.writeString(folder.resolve("shop.crt"), TestAuthority.pem(issued.certificate()));
        assertThat(Findings.only(look(), Severity.WARNING).seen().english())
                .contains("shop.crt: the certificate of its issuer, Between, is missing", "fullchain.pem");
    }

    private List<Finding> port(String challenge, boolean isOpen, int expected) throws Exception {
        Map<String, String> acme = Map.of(
                "turnout.acme.email", "admin@example.com",
                "turnout.acme.terms-agreed", "true",
                "turnout.acme.challenge", challenge,
                "turnout.acme.dns-hook", "/bin/true",
                "turnout.acme.names", "shop.example.com,www.example.com");
        List<InetAddress> same = List.of(InetAddress.getByName("192.0.2.1"));
        return new ChallengePortCheck(config(acme).acme(), name -> same, address -> {
                    assertThat(address.getPort()).isEqualTo(expected);
                    return isOpen;
                })
                .look();
    }

    @Test
    void the_port_that_the_authority_asks_has_to_take_connections() throws Exception {
        Findings.only(port("http-01", true, 80), Severity.GOOD);
        assertThat(Findings.only(port("http-01", false, 80), Severity.WARNING)
                        .seen()
                        .english())
                .contains("port 80 of 192.0.2.1");
        Findings.only(port("tls-alpn-01", false, 443), Severity.WARNING);
        assertThat(port("dns-01", false, 0)).isEmpty();
    }

    @Test
    void a_port_is_open_if_somebody_listens() throws Exception {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
        assertThat(ChallengePortCheck.opens(address)).isTrue();
        listener.close();
        assertThat(ChallengePortCheck.opens(address)).isFalse();
    }

    @Test
    void names_after_the_twentieth_are_said_not_to_be_looked_up() throws Exception {
        String many =
                IntStream.range(0, 23).mapToObj(i -> "h" + i + ".example.com").collect(Collectors.joining(","));
        Map<String, String> acme = Map.of(
                "turnout.acme.email", "admin@example.com",
                "turnout.acme.terms-agreed", "true",
                "turnout.acme.names", many);
        InetAddress here = InetAddress.getByName("192.0.2.1");
        List<Finding> found = new NamesCheck(config(acme).acme(), name -> List.of(here), Set.of(here)).look();
        assertThat(found).hasSize(21);
        assertThat(Findings.only(found.subList(20, 21), Severity.ADVICE).seen().english())
                .startsWith("3 more names were not looked up: ");
    }

    private List<Finding> loops(String warnings) throws Exception {
        HttpServer admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        admin.createContext("/admin/status", exchange -> {
            byte[] json = ("{\"service\":\"default\",\"warnings\":" + warnings + "}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
            exchange.close();
        });
        admin.start();
        try {
            URI place = URI.create("http://127.0.0.1:" + admin.getAddress().getPort());
            return new RedirectLoopsCheck(new AdminClient(place, Optional.empty(), Optional.empty()), "default").look();
        } finally {
            admin.stop(0);
        }
    }

    @Test
    @Guards("T8")
    void clients_that_are_redirected_in_a_loop_are_a_warning_that_names_the_key() throws Exception {
        Findings.only(loops("[]"), Severity.GOOD);
        Finding found = Findings.only(
                loops(
                        "[\"7 requests since the start were redirected to https although a proxy says that the client came"
                                + " by https: a browser goes in a loop. That proxy is not in turnout.trusted-proxies.\"]"),
                Severity.WARNING);
        assertThat(found.seen().english()).startsWith("7 requests");
        assertThat(found.advice().english()).contains("turnout.trusted-proxies");
    }

    private List<Finding> names(String challenge, InetAddress... addresses) throws Exception {
        Map<String, String> acme = Map.of(
                "turnout.acme.email", "admin@example.com",
                "turnout.acme.terms-agreed", "true",
                "turnout.acme.challenge", challenge,
                "turnout.acme.dns-hook", "/bin/true",
                "turnout.acme.names", "shop.example.com");
        return new NamesCheck(
                        config(acme).acme(), name -> List.of(addresses), Set.of(InetAddress.getByName("192.0.2.1")))
                .look();
    }

    @Test
    void a_name_has_to_point_to_this_machine() throws Exception {
        Findings.only(names("http-01", InetAddress.getByName("192.0.2.1")), Severity.GOOD);
        Findings.only(names("http-01"), Severity.ERROR);
        assertThat(Findings.only(names("http-01", InetAddress.getByName("192.0.2.9")), Severity.ADVICE)
                        .seen()
                        .english())
                .contains("192.0.2.9");
    }

    @Test
    void a_name_that_is_proved_by_the_dns_may_point_anywhere() throws Exception {
        assertThat(names("dns-01")).isEmpty();
    }
}
