package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TlsConfig.ClientAuth;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The keys under turnout.tls are checked against each other before anything starts")
final class TlsCheckTest {

    private static List<String> errors(List<String> variables, String... settings) {
        return report(variables, settings).errors();
    }

    private static ConfigReport report(List<String> variables, String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), variables);
    }

    private static List<String> errors(String... settings) {
        return errors(List.of(), settings);
    }

    private static TlsConfig config(String... settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(GivenSettings.withTargets(settings), "test", 500))
                        .build())
                .tls();
    }

    @ParameterizedTest
    @CsvSource({"tls.directory=/etc/ssl/x, 443", "tls.certificates.\"a.b\".cert=/x.pem, 443"})
    void a_source_of_certificates_opens_port_443(String setting, int port) {
        assertThat(config(setting).port()).contains(port);
        assertThat(config(setting, "tls.port=8443").port()).contains(8443);
        assertThat(errors(setting)).isEmpty();
    }

    @Test
    void without_a_source_there_is_no_port() {
        assertThat(config().port()).isEmpty();
        assertThat(errors("tls.port=443"))
                .singleElement()
                .asString()
                .startsWith("turnout.tls.port=443 (test.properties): there is no certificate for this port");
    }

    @Test
    void a_certificate_has_its_values_under_its_name() {
        TlsConfig tls = config(
                "tls.certificates.\"*.shop.example\".cert=/x.pem",
                "tls.certificates.plain.cert=/p.pem",
                "tls.certificates.plain.key=/p.key",
                "tls.certificates.plain.client-auth=require",
                "tls.certificates.plain.client-ca=/ca.pem");

        assertThat(tls.certificates()).extracting(CertificateConfig::name).containsExactly("*.shop.example", "plain");
        CertificateConfig plain = tls.certificates().get(1);
        assertThat(plain.key()).contains(Path.of("/p.key"));
        assertThat(plain.clientAuth()).contains(ClientAuth.REQUIRE);
        assertThat(plain.clientCa()).contains(Path.of("/ca.pem"));
        assertThat(plain.prefix()).isEqualTo("turnout.tls.certificates.plain.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shop", "a/b", "a b", "*", "-a", "**.a"})
    void a_name_that_is_no_host_and_no_word_is_refused(String name) {
        assertThat(errors("tls.certificates.\"" + name + "\".cert=/x.pem"))
                .singleElement()
                .asString()
                .contains("'" + name + "' is not the name of a certificate");
    }

    @Test
    void a_misspelt_key_of_a_certificate_is_an_error_that_names_the_key() {
        assertThat(errors("tls.certificates.\"shop\".cert=/x.pem", "tls.certificates.\"shop\".kei=/x.key"))
                .singleElement()
                .asString()
                .contains("did you mean turnout.tls.certificates.\"shop\".key?");
        assertThat(errors(List.of("TURNOUT_TLS_CERTIFICATES__A_B__CERT")))
                .singleElement()
                .asString()
                .contains("is not a key of a certificate");
        assertThat(errors(List.of("TURNOUT_TLS_CERTIFICATES__SHOP__CERT"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"key", "password-file"})
    void what_belongs_to_a_certificate_needs_the_certificate(String key) {
        assertThat(errors("tls.directory=/x", "tls.certificates.\"shop\"." + key + "=/x"))
                .singleElement()
                .asString()
                .contains("allowed with turnout.tls.certificates.\"shop\".cert");
    }

    @Test
    void asking_clients_for_certificates_needs_an_authority() {
        assertThat(errors("tls.directory=/x", "tls.client-auth=require"))
                .singleElement()
                .asString()
                .contains("allowed with turnout.tls.client-ca");
        assertThat(errors("tls.directory=/x", "tls.certificates.\"a.b\".client-auth=request"))
                .singleElement()
                .asString()
                .contains("allowed with turnout.tls.certificates.\"a.b\".client-ca");
        assertThat(errors("tls.directory=/x", "tls.client-ca=/ca.pem", "tls.certificates.\"a.b\".client-auth=request"))
                .isEmpty();
    }

    @Test
    void the_port_is_neither_the_plain_port_nor_the_admin_port_nor_a_target() {
        assertThat(errors("tls.directory=/x", "tls.port=8000", "listen.port=8000"))
                .singleElement()
                .asString()
                .contains("turnout.listen.port is the same");
        assertThat(errors("tls.directory=/x", "tls.port=9000"))
                .singleElement()
                .asString()
                .contains("turnout.admin.port is the same");
        assertThat(errors("tls.directory=/x", "blue=127.0.0.1:443"))
                .singleElement()
                .asString()
                .contains("is the address that Turnout listens on itself");
    }

    @Test
    void one_file_has_one_name() {
        assertThat(errors("tls.certificates.a.cert=/x.pem", "tls.certificates.b.cert=/x.pem"))
                .singleElement()
                .asString()
                .contains("turnout.tls.certificates.a.cert is the same file");
    }

    @ParameterizedTest
    @CsvSource({
        "31536000, has no unit",
        "731d, up to 730d",
        "-1s, up to 730d",
        "500ms, whole seconds",
        "max-age=300, such as 5m or 365d",
        "true, such as 5m or 365d"
    })
    void a_time_for_browsers_that_is_no_time_is_refused(String value, String reason) {
        assertThat(errors("tls.directory=/x", "tls.hsts=" + value))
                .singleElement()
                .asString()
                .startsWith("turnout.tls.hsts=" + value + " (test.properties): ")
                .contains(reason);
    }

    @Test
    void a_line_for_browsers_that_nobody_gets_is_a_warning() {
        assertThat(report(List.of(), "tls.hsts=5m").warnings())
                .singleElement()
                .asString()
                .startsWith("turnout.tls.hsts has no effect")
                .contains("turnout.trusted-proxies");
        assertThat(report(
                                List.of(),
                                "services.shop.tls.hsts=5m",
                                "services.shop.hosts=shop.example",
                                "services.shop.blue=127.0.0.1:3",
                                "services.shop.green=127.0.0.1:4")
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("turnout.services.shop.tls.hsts has no effect");
        assertThat(report(List.of(), "mode=nginx", "tls.hsts=5m").warnings())
                .anyMatch(warning -> warning.contains("Set the line in nginx"));
        assertThat(report(List.of(), "tls.directory=/x", "tls.hsts=5m").warnings())
                .isEmpty();
        assertThat(report(List.of(), "trusted-proxies=10.0.0.1", "tls.hsts=5m").warnings())
                .isEmpty();
    }

    @Test
    void in_nginx_mode_certificates_are_nginxs() {
        assertThat(errors("mode=nginx", "tls.directory=/x")).anyMatch(error -> error.contains("HTTPS is nginx's"));
    }

    @Test
    void a_redirect_that_nginx_would_have_to_send_is_a_warning() {
        assertThat(report(List.of(), "mode=nginx", "tls.redirect=true").warnings())
                .anyMatch(warning -> warning.startsWith("turnout.tls.redirect=true has no effect"));
        assertThat(report(List.of(), "mode=nginx", "tls.redirect=false").warnings())
                .noneMatch(warning -> warning.contains("tls.redirect"));
        assertThat(report(List.of(), "tls.redirect=true").warnings())
                .noneMatch(warning -> warning.contains("tls.redirect"));
    }
}
