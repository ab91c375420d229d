package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.support.TestAuthority;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A host that requires client certificates, and is served over plain HTTP without them, is a warning")
final class PlainDemandsTest {

    private static final String DEVICES = "turnout.services.\"devices\".";

    private final TestAuthority root = TestAuthority.root("Root");

    @TempDir
    Path temp;

    private Path folder;
    private final Map<String, String> values = new HashMap<>();

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(temp.resolve("certificates"));
        root.issue("shop.example", "www.shop.example").write(folder, "shop");
        root.issue("*.devices.example").write(folder, "devices");
        Files.writeString(temp.resolve("clients.txt"), root.pem());
        set("turnout.tls.directory", folder.toString());
        set("turnout.tls.client-ca", temp.resolve("clients.txt").toString());
        set("turnout.blue", "127.0.0.1:1").set("turnout.green", "127.0.0.1:2");
    }

    private PlainDemandsTest set(String key, String value) {
        values.put(key, value);
        return this;
    }

    private PlainDemandsTest services() {
        return set(DEVICES + "hosts", "*.devices.example")
                .set(DEVICES + "blue", "127.0.0.1:3")
                .set(DEVICES + "green", "127.0.0.1:4");
    }

    private CertificateSettings settings() {
        return CertificateSettings.of(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()));
    }

    private List<String> warnings() {
        return CertificateInspection.of(settings(), Instant.now()).problems().stream()
                .filter(CertificateProblem::isWarning)
                .map(problem -> problem.text().english())
                .filter(text -> text.contains("plain HTTP"))
                .toList();
    }

    @Test
    void without_a_demand_there_is_none() {
        set("turnout.tls.client-auth", "request");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void a_demand_of_every_host_concerns_each_service_without_a_redirect() {
        services().set("turnout.tls.client-auth", "require").set("turnout.tls.redirect", "true");
        assertThat(warnings()).isEmpty();
        set(DEVICES + "tls.redirect", "false");
        assertThat(warnings())
                .containsExactly(
                        "turnout.tls.client-auth=require: service 'devices' serves *.devices.example over plain"
                                + " HTTP too, where no client needs a certificate. Set turnout.services.\"devices\".tls.redirect"
                                + "=true, or turnout.listen.plain=challenges.");
        set("turnout.tls.redirect", "false");
        assertThat(warnings()).hasSize(2).anyMatch(text -> text.contains("Set turnout.tls.redirect=true"));
    }

    @Test
    void without_plain_http_there_is_none() {
        set("turnout.tls.client-auth", "require");
        assertThat(warnings()).hasSize(1);
        set("turnout.listen.plain", "challenges");
        assertThat(warnings()).isEmpty();
        set("turnout.listen.plain", "off");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void a_demand_of_one_host_concerns_the_service_that_the_host_reaches() {
        services().set("turnout.tls.certificates.\"a.devices.example\".client-auth", "require");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "turnout.tls.certificates.\"a.devices.example\".client-auth=require: service 'devices' serves"
                                + " a.devices.example over plain HTTP");
        set(DEVICES + "tls.redirect", "true");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void a_service_of_some_paths_of_the_host_leaves_the_others_to_the_service_around_it() {
        services()
                .set(DEVICES + "path", "/api")
                .set(DEVICES + "tls.redirect", "true")
                .set("turnout.tls.certificates.\"a.devices.example\".client-auth", "require");
        assertThat(warnings()).singleElement().asString().contains("service 'default' serves a.devices.example");
    }

    @Test
    void a_demand_of_a_certificate_in_files_holds_for_its_names() {
        String certificate = "turnout.tls.certificates.\"closed\".";
        values.remove("turnout.tls.directory");
        set(certificate + "cert", folder.resolve("shop.crt").toString())
                .set(certificate + "key", folder.resolve("shop.key").toString())
                .set(certificate + "client-auth", "require");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith(certificate + "client-auth=require: service 'default' serves shop.example");
    }

    @Test
    void a_host_that_is_left_out_of_the_demand_is_no_reason() {
        services()
                .set("turnout.tls.client-auth", "require")
                .set("turnout.tls.redirect", "true")
                .set(DEVICES + "hosts", "open.example")
                .set("turnout.tls.certificates.\"open.example\".client-auth", "none");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void the_running_program_says_it_until_it_is_over() {
        set("turnout.tls.client-auth", "require").set("turnout.state.directory", temp.toString());
        try (Certificates certificates = new Certificates(settings(), Clock.systemUTC())) {
            certificates.open();
            assertThat(certificates.problems())
                    .anyMatch(problem -> problem.text().english().contains("plain HTTP"));
            set("turnout.tls.redirect", "true");
            certificates.apply(settings());
            assertThat(certificates.problems())
                    .noneMatch(problem -> problem.text().english().contains("plain HTTP"));
        }
    }
}
