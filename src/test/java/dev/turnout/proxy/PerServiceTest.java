package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.observe.AccessLogSettings;
import dev.turnout.proxy.route.Patience;
import dev.turnout.proxy.route.PauseLimits;
import dev.turnout.proxy.route.RateLimits;
import dev.turnout.proxy.route.RequestSettings;
import dev.turnout.proxy.route.ServiceMatch;
import dev.turnout.proxy.route.TargetSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the data plane takes of a service's own keys, and of the keys at the top")
final class PerServiceTest {

    private static final List<String> KEYS = List.of(
            "upstream.connect=N1ms",
            "upstream.head=N2ms",
            "upstream.body=N3ms",
            "upstream.idle=N4ms",
            "upstream.queue=N5",
            "upstream.queue.timeout=N6ms",
            "client.body=N7ms",
            "limits.body=N8",
            "pause.requests=N9",
            "pause.bytes=N1K",
            "pause.timeout=N2s",
            "pause.release=N3s",
            "slow-start=N4s",
            "rehearsal.timeout=N5s",
            "drain.endless=/N",
            "preview-secret=secretN",
            "access-log-redact=nameN",
            "access-log-file=/tmp/N.log");

    private final ProxySettings settings = ProxySettings.of(config(), new RateLimits());

    /** The top has numbers that begin with 1, service shop such with 2, and service bare none. */
    private static TurnoutConfig config() {
        Map<String, String> values = new HashMap<>();
        give(values, "turnout.", "1");
        give(values, "turnout.services.\"shop\".", "2");
        values.put("turnout.services.\"shop\".preview", "true");
        values.put("turnout.services.\"shop\".show-slot", "true");
        values.put("turnout.services.\"shop\".access-log", "json");
        values.put("turnout.services.\"quiet\".access-log", "off");
        values.put("turnout.access-log", "combined");
        int port = 1;
        for (String service : List.of("shop", "bare", "quiet")) {
            values.put("turnout.services.\"" + service + "\".hosts", service + ".example.com");
            values.put("turnout.services.\"" + service + "\".blue", "127.0.0.1:" + port++);
            values.put("turnout.services.\"" + service + "\".green", "127.0.0.1:" + port++);
        }
        return new TurnoutConfig(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "a test", 260))
                .build());
    }

    private static void give(Map<String, String> values, String prefix, String first) {
        for (String key : KEYS) {
            int equals = key.indexOf('=');
            values.put(
                    prefix + key.substring(0, equals), key.substring(equals + 1).replace("N", first));
        }
    }

    private ServiceMatch match(String service) {
        return settings.route().services().stream()
                .filter(match -> match.service().equals(service))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void requests_of_a_service_have_its_own_settings_and_others_those_at_the_top() {
        RequestSettings shop = match("shop").requests();
        assertThat(shop.bodyLimit()).isEqualTo(28);
        assertThat(shop.patience()).isEqualTo(new Patience(22, 23, 27));
        assertThat(shop.callPatience())
                .isEqualTo(new Patience(22, TimeUnit.DAYS.toMillis(1), TimeUnit.DAYS.toMillis(1)));
        assertThat(shop.queueMillis()).isEqualTo(26);
        assertThat(shop.pause()).isEqualTo(new PauseLimits(29, 21 * 1024, 22_000, 23_000));
        assertThat(shop.preview().allowed()).isTrue();
        assertThat(shop.preview().secret()).contains("secret2");
        assertThat(shop.showsSlot()).isTrue();
        assertThat(shop.endlessPaths()).hasSize(1);

        RequestSettings bare = match("bare").requests();
        assertThat(bare.bodyLimit()).isEqualTo(18);
        assertThat(bare.patience()).isEqualTo(new Patience(12, 13, 17));
        assertThat(bare.queueMillis()).isEqualTo(16);
        assertThat(bare.pause()).isEqualTo(new PauseLimits(19, 11 * 1024, 12_000, 13_000));
        assertThat(bare.preview().allowed()).isFalse();
        assertThat(bare.preview().secret()).contains("secret1");
        assertThat(bare.showsSlot()).isFalse();
        assertThat(settings.exchange().ofNoService().patience()).isEqualTo(bare.patience());
    }

    @Test
    void targets_of_a_service_have_its_own_settings_and_others_those_at_the_top() {
        assertThat(match("shop").targets()).isEqualTo(new TargetSettings(21, 24, 25, TimeUnit.SECONDS.toNanos(24)));
        assertThat(match("bare").targets())
                .isEqualTo(new TargetSettings(11, 14, 15, TimeUnit.SECONDS.toNanos(14)))
                .isEqualTo(settings.ofNoService());
        assertThat(settings.route().rehearsals().get("shop").timeoutMillis()).isEqualTo(25_000);
        assertThat(settings.route().rehearsals().get("bare").timeoutMillis()).isEqualTo(15_000);
    }

    @Test
    void a_service_has_a_log_of_its_own_or_none_and_a_request_of_no_service_shows_no_secret_of_any() {
        Map<String, AccessLogSettings> logs = settings.accessLogs().byService();

        assertThat(logs).containsOnlyKeys("shop", "bare");
        assertThat(logs.get("shop").format()).hasToString("JSON");
        assertThat(logs.get("shop").file()).hasToString("/tmp/2.log");
        assertThat(logs.get("shop").redacted()).containsExactly("name2");
        assertThat(logs.get("bare").format()).hasToString("COMBINED");
        assertThat(logs.get("bare").file()).hasToString("/tmp/1.log");
        assertThat(logs.get("bare").redacted()).containsExactly("name1");
        assertThat(settings.accessLogs().ofNoService())
                .hasValueSatisfying(log -> assertThat(log.redacted()).containsExactlyInAnyOrder("name1", "name2"));
    }
}
