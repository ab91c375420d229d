package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Guards;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcmeCheckTest {

    private static final String EMAIL = "acme.email=admin@example.com";
    private static final String AGREED = "acme.terms-agreed=true";
    private static final String NAMES = "acme.names=shop.example.com";

    private static ConfigReport check(String... settings) {
        return GivenSettings.check(GivenSettings.named(settings), List.of());
    }

    private static AcmeConfig config(String... settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(GivenSettings.named(settings), "test", 500))
                        .build())
                .acme();
    }

    @Test
    void an_address_agreed_terms_and_a_host_are_enough_for_lets_encrypt() {
        AcmeConfig acme = config(
                EMAIL,
                AGREED,
                "services.\"shop\".hosts=shop.example.com,*.example.org,www.example.com",
                "services.\"shop\".blue=127.0.0.1:1",
                "services.\"shop\".green=127.0.0.1:2");

        assertThat(acme.directory()).contains(AcmeDirectory.LETS_ENCRYPT);
        assertThat(acme.challenge()).isEqualTo(AcmeChallenge.HTTP_01);
        assertThat(acme.names()).containsExactly("shop.example.com", "www.example.com");
    }

    @Test
    void without_a_directory_and_an_address_nothing_is_ordered() {
        assertThat(config().directory()).isEmpty();
        assertThat(config("acme.directory=").directory()).isEmpty();
        assertThat(config().folders(Path.of("state"))).isEmpty();
        assertThat(check("acme.directory=", NAMES).errors()).isEmpty();
        assertThat(check(NAMES).warnings()).singleElement().asString().contains("No certificate is ordered");
    }

    @Test
    void names_that_no_authority_certifies_are_left_out_and_named() {
        String[] settings = {
            EMAIL,
            AGREED,
            "services.\"shop\".hosts=shop.example.com,localhost,127.0.0.1,[::1]",
            "services.\"shop\".blue=127.0.0.1:1",
            "services.\"shop\".green=127.0.0.1:2"
        };
        assertThat(config(settings).names()).containsExactly("shop.example.com");
        assertThat(check(settings).errors()).isEmpty();
        assertThat(check(settings).warnings()).hasSize(3).anyMatch(warning -> warning.contains("localhost"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            acme.email=admin@example.com                | before you agree to its terms of service
            acme.directory=letsencrypt                  | before you agree to its terms of service
            acme.directory=http://ca.example/           | letsencrypt, letsencrypt-staging, or a URL
            acme.email=admin                            | an e-mail address
            """)
    void an_authority_needs_agreed_terms_and_an_encrypted_address(String setting, String sentence) {
        assertThat(check(setting, NAMES).errors()).first().asString().contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            acme.names=*.example.com          | only the challenge dns-01 proves all names below a domain
            acme.names=localhost              | is no public name
            acme.names=10.0.0.1               | is no public name
            acme.challenge=dns-01             | allowed with turnout.acme.dns-hook
            acme.dns-hook=/bin/true           | allowed with turnout.acme.challenge=dns-01
            acme.eab.kid=k                    | an external account has both
            acme.eab.key-file=k               | an external account has both
            acme.fallback=letsencrypt         | allowed is another authority
            """)
    @Guards("T11")
    void what_does_not_fit_is_refused_at_the_start(String setting, String sentence) {
        String names = setting.startsWith("acme.names") ? "mode=proxy" : NAMES;
        assertThat(check(EMAIL, AGREED, names, setting).errors())
                .singleElement()
                .asString()
                .contains(sentence);
    }

    @Test
    void a_wildcard_with_dns_01_and_a_hook_is_sound() {
        assertThat(check(EMAIL, AGREED, "acme.names=*.example.com", "acme.challenge=dns-01", "acme.dns-hook=/bin/true"))
                .isEqualTo(new ConfigReport(List.of(), List.of()));
    }

    @Test
    void an_order_needs_a_name() {
        assertThat(check(EMAIL, AGREED).errors()).singleElement().asString().contains("there is no name");
    }

    @Test
    void each_authority_has_a_folder_of_its_own() {
        AcmeConfig acme =
                config(EMAIL, AGREED, "acme.directory=https://localhost:14000/dir", "acme.fallback=letsencrypt");

        assertThat(acme.folders(Path.of("state")))
                .containsExactly(Path.of("state/acme/localhost-14000-dir"), Path.of("state/acme/letsencrypt"));
    }

    @Test
    void only_lets_encrypt_is_known_to_have_a_place_for_tries() {
        assertThat(AcmeDirectory.LETS_ENCRYPT.staging()).contains(AcmeDirectory.LETS_ENCRYPT_STAGING);
        assertThat(AcmeDirectory.LETS_ENCRYPT_STAGING.staging()).isEmpty();
        assertThat(AcmeDirectory.parse("https://ca.example/acme").staging()).isEmpty();
    }
}
