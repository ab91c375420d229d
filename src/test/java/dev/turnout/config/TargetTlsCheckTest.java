package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The keys of TLS to targets are checked against each other before anything starts")
final class TargetTlsCheckTest {

    private static ConfigReport report(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    private static final String[] SERVICE = {
        "services.\"api\".blue=127.0.0.1:3", "services.\"api\".green=127.0.0.1:4", "services.\"api\".hosts=api.example"
    };

    private static ConfigReport withService(String... settings) {
        String[] all = new String[SERVICE.length + settings.length];
        System.arraycopy(SERVICE, 0, all, 0, SERVICE.length);
        System.arraycopy(settings, 0, all, SERVICE.length, settings.length);
        return report(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upstream.tls-ca=/ca.pem",
                "upstream.tls-name=a.b",
                "upstream.tls-cert=/c.pem",
                "upstream.tls-verify=false"
            })
    void nothing_else_may_be_set_without_tls(String setting) {
        assertThat(report(setting).errors())
                .singleElement()
                .asString()
                .contains("targets are spoken to in clear; allowed with turnout.upstream.tls=true");
        assertThat(report("upstream.tls=true", setting).errors()).isEmpty();
        assertThat(withService("services.\"api\".tls=true", setting).errors()).isEmpty();
    }

    @Test
    void a_target_over_tls_is_enough_for_the_other_keys() {
        assertThat(report("upstream.tls-ca=/ca.pem", "green=https://127.0.0.1:9")
                        .errors())
                .isEmpty();
        assertThat(report("protocol=h2", "green=https://127.0.0.1:9").errors()).isEmpty();
        assertThat(withService("services.\"api\".tls-ca=/ca.pem", "services.\"api\".green=https://127.0.0.1:9")
                        .errors())
                .isEmpty();
    }

    @Test
    void http2_is_named_by_whether_it_is_in_clear() {
        assertThat(report("protocol=h2").errors())
                .singleElement()
                .asString()
                .contains("turnout.protocol=h2 ", "allowed with turnout.upstream.tls=true. HTTP/2 in clear is h2c");
        assertThat(report("protocol=h2c", "upstream.tls=true").errors())
                .singleElement()
                .asString()
                .contains("turnout.protocol=h2c ", "allowed with turnout.upstream.tls=false. HTTP/2 over TLS is h2");
        assertThat(report("protocol=h2c").errors()).isEmpty();
        assertThat(report("protocol=h2", "upstream.tls=true").errors()).isEmpty();
        assertThat(withService("protocol=h2c", "services.\"api\".tls=true").errors())
                .singleElement()
                .asString()
                .contains("turnout.protocol=h2c ", "allowed with turnout.services.\"api\".tls=false");
        assertThat(withService("protocol=h2c", "services.\"api\".tls=true", "services.\"api\".protocol=h2")
                        .errors())
                .isEmpty();
    }

    @Test
    void a_service_of_its_own_is_checked_too() {
        assertThat(withService("services.\"api\".tls-ca=/ca.pem").errors())
                .singleElement()
                .asString()
                .contains("allowed with turnout.services.\"api\".tls=true");
        assertThat(withService("upstream.tls=true", "services.\"api\".tls-ca=/ca.pem")
                        .errors())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream.tls-key=/k.pem", "upstream.tls-password-file=/p"})
    void a_key_needs_its_certificate(String setting) {
        assertThat(report("upstream.tls=true", setting).errors())
                .singleElement()
                .asString()
                .contains("there is no certificate with it; allowed with turnout.upstream.tls-cert");
        assertThat(report("upstream.tls=true", "upstream.tls-cert=/c.pem", setting)
                        .errors())
                .isEmpty();
    }

    @Test
    void a_service_s_own_key_needs_its_own_certificate() {
        String[] top = {"upstream.tls=true", "upstream.tls-cert=/c.pem"};
        assertThat(withService(top[0], top[1], "services.\"api\".tls-key=/k.pem")
                        .errors())
                .singleElement()
                .asString()
                .startsWith("turnout.services.\"api\".tls-key")
                .contains("there is no certificate with it; allowed with turnout.services.\"api\".tls-cert");
        assertThat(withService(top[0], top[1], "services.\"api\".tls-cert=/d.pem", "services.\"api\".tls-key=/k.pem")
                        .errors())
                .isEmpty();
    }

    @Test
    void a_service_s_own_certificate_has_nothing_of_the_one_at_the_top() {
        Map<String, String> values = new HashMap<>(Map.of(
                "turnout.upstream.tls", "true",
                "turnout.upstream.tls-ca", "/ca.pem",
                "turnout.upstream.tls-cert", "/c.pem",
                "turnout.upstream.tls-key", "/k.pem",
                "turnout.services.api.blue", "127.0.0.1:3",
                "turnout.services.api.green", "127.0.0.1:4",
                "turnout.services.api.tls-cert", "/d.pem"));
        TurnoutConfig config = new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build());
        TargetTlsConfig api = ServiceSettings.of(config).get(0).targetTls();
        assertThat(api.cert()).contains(Path.of("/d.pem"));
        assertThat(api.key()).isEmpty();
        assertThat(api.certPrefix()).isEqualTo("turnout.services.api.tls-");
        assertThat(api.caKey()).isEqualTo("turnout.upstream.tls-ca");
        assertThat(api.verifyKey()).isEqualTo("turnout.upstream.tls-verify");
    }

    @Test
    void nginx_speaks_to_its_targets_itself_in_each_service() {
        assertThat(withService("mode=nginx", "services.\"api\".tls=true").errors())
                .anyMatch(error -> error.startsWith("turnout.services.\"api\".tls=true")
                        && error.contains("nginx speaks to the targets"));
    }

    @Test
    void nginx_speaks_to_its_targets_itself() {
        assertThat(report("mode=nginx", "upstream.tls=true").errors())
                .anyMatch(error -> error.contains("nginx speaks to the targets"));
    }

    @Test
    void verification_that_is_switched_off_is_warned_of() {
        assertThat(report("upstream.tls=true", "upstream.tls-verify=false").warnings())
                .singleElement()
                .asString()
                .startsWith("turnout.upstream.tls-verify=false: the certificates of the targets of service 'default'"
                        + " are not verified.");
        assertThat(report("upstream.tls=true").warnings()).isEmpty();
    }
}
