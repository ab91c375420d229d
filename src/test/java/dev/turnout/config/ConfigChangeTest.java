package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Reading.Broken;
import dev.turnout.config.Reading.Sound;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What differs between the configuration in force and the files")
final class ConfigChangeTest {

    private static SmallRyeConfig config(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .withProfile("prod")
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(values, "a test", 260))
                .build();
    }

    private static TurnoutConfig running(String... pairs) {
        return new TurnoutConfig(config(pairs));
    }

    private static ConfigChange change(TurnoutConfig running, String... pairs) {
        Reading reading = StartCheck.again(config(pairs), running);
        assertThat(reading).isInstanceOf(Sound.class);
        return ((Sound) reading).change();
    }

    @Test
    void is_empty_for_the_same_values_however_they_are_written() {
        TurnoutConfig running = running("turnout.client.head", "2m", "turnout.trusted-proxies", "10.0.0.0/8");

        assertThat(change(running, "turnout.client.head", "120s", "turnout.trusted-proxies", "10.0.0.0/8"))
                .matches(ConfigChange::isEmpty);
    }

    @Test
    void names_each_key_with_both_values_and_a_default_as_a_value() {
        ConfigChange change = change(running("turnout.client.head", "2s"), "turnout.upstream.head", "3s");

        assertThat(change.keys())
                .extracting(KeyChange::toString)
                .containsExactlyInAnyOrder("turnout.client.head: 2s -> 10s", "turnout.upstream.head: 60s -> 3s");
    }

    @Test
    void keeps_the_value_in_force_of_a_key_that_needs_a_restart_and_names_it_again() {
        ConfigChange first = change(running(), "turnout.listen.port", "8000", "turnout.client.head", "3s");

        assertThat(first.next().listen().port()).isEqualTo(80);
        assertThat(first.next().client().head()).isEqualTo(Duration.ofSeconds(3));
        assertThat(first.pending()).extracting(KeyChange::key).containsExactly("turnout.listen.port");
        ConfigChange second = change(first.next(), "turnout.listen.port", "8000", "turnout.client.head", "3s");
        assertThat(second.keys())
                .extracting(KeyChange::toString)
                .containsExactly("turnout.listen.port: 80 -> 8000, needs a restart");
    }

    @Test
    void shows_no_secret() {
        ConfigChange change = change(
                running("turnout.admin.token", "old-secret"),
                "turnout.admin.token",
                "new-secret",
                "turnout.preview-secret",
                "word");

        assertThat(change.keys()).hasSize(2).allSatisfy(key -> assertThat(key.toString())
                .doesNotContain("old-secret", "new-secret", "word"));
    }

    @Test
    void has_the_keys_of_services_that_come_and_go() {
        TurnoutConfig running = running(
                "turnout.services.\"shop\".hosts", "shop.example",
                "turnout.services.\"shop\".blue", "127.0.0.1:1",
                "turnout.services.\"shop\".green", "127.0.0.1:2");

        ConfigChange change = change(
                running,
                "turnout.services.\"blog\".hosts",
                "blog.example",
                "turnout.services.\"blog\".blue",
                "127.0.0.1:3",
                "turnout.services.\"blog\".green",
                "127.0.0.1:4");

        assertThat(change.keys())
                .extracting(KeyChange::toString)
                .contains(
                        "turnout.services.\"shop\".hosts: shop.example -> none",
                        "turnout.services.\"blog\".blue: none -> 127.0.0.1:3");
        assertThat(ServiceSettings.of(change.next()))
                .extracting(ServiceSettings::name)
                .containsExactly("blog");
    }

    @Test
    void a_broken_file_is_refused_with_every_error() {
        Reading reading = StartCheck.again(
                config("turnout.gren", "x", "turnout.health.interval", "5", "turnout.health.rise", "0"), running());

        assertThat(reading).isInstanceOf(Broken.class);
        assertThat(((Broken) reading).errors()).hasSize(3).anySatisfy(error -> assertThat(error)
                .startsWith("turnout.health.interval=5 (")
                .contains("'5' has no unit; allowed is a time from 1ms"));
    }

    @Test
    void a_file_that_fits_only_after_a_restart_is_refused() {
        Reading reading = StartCheck.again(
                config("turnout.listen.port", "8000", "turnout.blue", "127.0.0.1:80"),
                running("turnout.listen.port", "80"));

        assertThat(reading).isInstanceOf(Broken.class);
        assertThat(((Broken) reading).errors())
                .singleElement()
                .asString()
                .contains("turnout.blue=127.0.0.1:80", "is the address that Turnout listens on itself", "restart");
    }

    @Test
    void a_time_needs_a_unit_but_for_0() {
        assertThat(StartCheck.check(config("turnout.upstream.idle", "0")).errors())
                .isEmpty();
        assertThat(StartCheck.check(config("turnout.upstream.idle", "5")).errors())
                .hasSize(1);
    }

    @Test
    void has_the_port_for_https_that_a_reload_opens_moves_and_closes() {
        assertThat(change(running(), "turnout.tls.directory", "/x").next().tls().port())
                .contains(443);
        assertThat(change(
                                running("turnout.tls.directory", "/x"),
                                "turnout.tls.directory",
                                "/x",
                                "turnout.tls.port",
                                "444")
                        .next()
                        .tls()
                        .port())
                .contains(444);
        assertThat(change(running("turnout.tls.directory", "/x")).next().tls().port())
                .isEmpty();
    }

    @Test
    void begins_the_first_orders_of_certificates() {
        ConfigChange change = change(
                running(),
                "turnout.acme.email",
                "a@example.com",
                "turnout.acme.terms-agreed",
                "true",
                "turnout.acme.names",
                "a.example");

        assertThat(change.next().tls().port()).contains(443);
        assertThat(change.pending()).extracting(KeyChange::key).doesNotContain("turnout.acme.email");
    }
}
