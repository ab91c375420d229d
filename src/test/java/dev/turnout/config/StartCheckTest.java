package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartCheckTest {

    private static final Map<String, String> SHOP =
            Map.of("hosts", "a.example", "blue", "127.0.0.1:1", "green", "127.0.0.1:2");

    private static final Map<String, String> TURNOUT_VARIABLES = Map.of(
            "TURNOUT_SERVICES__SHOP__HOSTS", "a.example",
            "TURNOUT_SERVICES__SHOP__BLUE", "127.0.0.1:1",
            "TURNOUT_SERVICES__SHOP__GREEN", "127.0.0.1:2");

    @TempDir
    Path folder;

    private SmallRyeConfig config(Map<String, String> environment, String... lines) throws IOException {
        Path file = folder.resolve("application.properties");
        Files.write(file, List.of(lines));
        return new SmallRyeConfigBuilder()
                .withProfile("prod")
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(file.toUri().toURL(), 260))
                .withSources(new EnvConfigSource(environment, 300))
                .build();
    }

    @Test
    void a_value_in_a_file_is_named_with_the_file() throws IOException {
        ConfigReport report = StartCheck.check(config(Map.of(), "turnout.health.rise=0"));

        assertThat(report.errors())
                .singleElement()
                .asString()
                .startsWith("turnout.health.rise=0 (" + folder.resolve("application.properties") + "): ");
    }

    @Test
    void a_service_of_the_admin_api_names_no_file_and_is_no_part_of_another() throws IOException {
        TurnoutConfig running = new TurnoutConfig(config(Map.of()));

        assertThat(StartCheck.withService(running, "shop", SHOP)).isInstanceOf(Reading.Sound.class);
        for (String file : List.of(
                "errors.403",
                "errors.5xx",
                "tls-ca",
                "tls-cert",
                "tls-key",
                "tls-password-file",
                "rules.f.folder",
                "rules.\"f.g\".folder",
                "rules.f.auth-file")) {
            assertThat(StartCheck.withService(running, "shop", Map.of(file, "/etc/shadow")))
                    .isEqualTo(new Reading.Broken(
                            List.of("'" + file + "' names a file. Only a configuration file may do that."), List.of()));
        }
        for (String name : List.of("shop\".rules.\"x", "Shop", "", "a.b", "a".repeat(64))) {
            assertThat(StartCheck.withService(running, name, SHOP)).isInstanceOf(Reading.Broken.class);
        }
    }

    @Test
    void an_empty_value_of_the_admin_api_counts_as_not_given() throws IOException {
        TurnoutConfig running = new TurnoutConfig(config(Map.of()));
        Map<String, String> given = new HashMap<>(SHOP);
        given.putAll(Map.of("rules.10-x.answer", "", "health.host", " ", "preview-secret", "", "errors.403", ""));

        Reading reading = StartCheck.withService(running, "shop", given);

        assertThat(reading).isInstanceOfSatisfying(Reading.Sound.class, sound -> assertThat(
                        RunTimeServices.of(sound.change().next()).keys())
                .containsOnlyKeys(SHOP.keySet().stream()
                        .map(key -> "turnout.services.\"shop\"." + key)
                        .toList()));
    }

    @Test
    void a_service_of_the_admin_api_leaves_the_default_service_as_it_is() throws IOException {
        TurnoutConfig bare = new TurnoutConfig(config(Map.of()));
        TurnoutConfig named = new TurnoutConfig(config(
                Map.of(),
                "turnout.services.\"wiki\".hosts=wiki.example",
                "turnout.services.\"wiki\".blue=127.0.0.1:3",
                "turnout.services.\"wiki\".green=127.0.0.1:4"));

        TurnoutConfig withShop = next(StartCheck.withService(bare, "shop", SHOP));

        assertThat(services(withShop)).containsExactly("default", "shop");
        assertThat(services(next(StartCheck.withService(withShop, "shop", Map.of()))))
                .containsExactly("default");
        assertThat(services(next(StartCheck.withService(named, "shop", SHOP)))).containsExactly("shop", "wiki");
        assertThat(services(next(StartCheck.again(config(TURNOUT_VARIABLES), withShop))))
                .containsExactly("shop");
    }

    private static TurnoutConfig next(Reading reading) {
        return ((Reading.Sound) reading).change().next();
    }

    private static List<String> services(TurnoutConfig config) {
        return ServiceSettings.of(config).stream().map(ServiceSettings::name).toList();
    }

    @Test
    void a_service_of_empty_values_is_no_removal() throws IOException {
        TurnoutConfig running = new TurnoutConfig(config(Map.of()));

        assertThat(StartCheck.withService(running, "shop", Map.of("hosts", "", "blue", " ")))
                .isEqualTo(new Reading.Broken(List.of("No key of service 'shop' has a value."), List.of()));
    }

    @Test
    void the_environment_wins_over_a_file_and_is_named() throws IOException {
        ConfigReport report = StartCheck.check(
                config(Map.of("TURNOUT_TRUSTED_PROXIES", "all"), "turnout.trusted-proxies=10.0.0.0/8"));

        assertThat(report.errors())
                .singleElement()
                .asString()
                .startsWith("turnout.trusted-proxies=all (environment variable TURNOUT_TRUSTED_PROXIES): ");
    }

    @Test
    void a_misspelt_name_in_a_profile_is_found_too() throws IOException {
        assertThat(StartCheck.check(config(Map.of(), "%prod.turnout.gren=a:1")).errors())
                .singleElement()
                .asString()
                .contains("did you mean turnout.green?");
    }

    @Test
    void of_several_profiles_the_last_wins() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withProfiles(List.of("first", "second"))
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of("%first.turnout.mode", "proxy", "%second.turnout.mode", "nginx"), "file", 260))
                .build();

        assertThat(new GivenKeys(config).find("turnout.mode").orElseThrow().value())
                .isEqualTo(config.getConfigValue("turnout.mode").getValue())
                .isEqualTo("nginx");
    }

    @Test
    void an_expression_is_followed() throws IOException {
        assertThat(StartCheck.check(config(Map.of("APP", "a:1"), "turnout.green=${APP}"))
                        .errors())
                .isEmpty();
    }

    @Test
    void an_expression_that_leads_nowhere_is_an_error() throws IOException {
        assertThat(StartCheck.check(config(Map.of(), "turnout.green=${APP}")).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.green=${APP} (");
    }

    @Test
    void a_variable_of_another_program_is_a_warning() throws IOException {
        ConfigReport report = StartCheck.check(config(Map.of("TURNOUT_SERVICE_HOST", "10.1.2.3")));

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings()).singleElement().asString().contains("TURNOUT_SERVICE_HOST");
    }

    @Test
    void variables_of_the_command_line_are_no_warning() throws IOException {
        ConfigReport report =
                StartCheck.check(config(Map.of("TURNOUT_RUN", "/tmp/run", "TURNOUT_URL", "http://127.0.0.1:9000")));

        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void legal_values_come_through_the_mapping_as_they_are_meant() {
        TurnoutConfig config = new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "turnout.mode", "nginx",
                                "turnout.blue", "a:1, [::1]:2",
                                "turnout.trusted-proxies", "10.0.0.0/8",
                                "turnout.health.status", "200,300-308",
                                "turnout.nginx.test", "sudo nginx -t"),
                        "test",
                        500))
                .build());

        assertThat(config.mode()).isEqualTo(TurnoutConfig.Mode.NGINX);
        assertThat(ServiceSettings.of(config).get(0).blue())
                .extracting(Object::toString)
                .containsExactly("a:1", "[::1]:2");
        assertThat(config.trustedProxies().orElseThrow()).containsExactly(Cidr.parse("10.0.0.0/8"));
        assertThat(ServiceSettings.atTop(config).health().status()).isEqualTo(StatusRanges.parse("200,300-308"));
        assertThat(config.nginx().test().words()).containsExactly("sudo", "nginx", "-t");
    }

    @Test
    void this_test_run_has_a_sound_configuration() {
        assertThat(StartCheck.run().report().errors()).isEmpty();
    }
}
