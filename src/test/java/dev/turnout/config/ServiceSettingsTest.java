package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Target;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceSettingsTest {

    private static TurnoutConfig configured(Map<String, String> properties, Map<String, String> environment) {
        SmallRyeConfig config = ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .withSources(new EnvConfigSource(environment, 600))
                .build();
        assertThat(StartCheck.check(config).errors()).isEmpty();
        return new TurnoutConfig(config);
    }

    private static List<ServiceSettings> services(Map<String, String> properties, Map<String, String> environment) {
        return ServiceSettings.of(configured(properties, environment));
    }

    private static Map<String, String> shop(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "turnout.services.\"shop\".blue", "a:1,a:2",
                "turnout.services.\"shop\".green", "b:1"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static List<String> names(List<ServiceSettings> services) {
        return services.stream().map(ServiceSettings::name).toList();
    }

    @Test
    void one_service_is_found_by_its_name() {
        TurnoutConfig config = configured(
                shop(
                        "turnout.services.\"shop\".hosts", "shop.example",
                        "turnout.services.\"api\".hosts", "api.example",
                        "turnout.services.\"api\".blue", "c:1",
                        "turnout.services.\"api\".green", "d:1"),
                Map.of());

        assertThat(ServiceSettings.find(config, "shop").orElseThrow().blue())
                .extracting(Object::toString)
                .containsExactly("a:1", "a:2");
        assertThat(ServiceSettings.find(config, "default")).isEmpty();
        assertThat(ServiceSettings.of(config, "api").green())
                .extracting(Object::toString)
                .containsExactly("d:1");
    }

    @Test
    void what_holds_for_a_service_that_is_gone_is_said_at_the_top() {
        TurnoutConfig config = configured(shop("turnout.health.path", "/top"), Map.of());

        assertThat(ServiceSettings.of(config, "gone").health().path()).isEqualTo("/top");
    }

    @Test
    void without_a_service_there_is_the_default_one_with_the_standard_targets() {
        ServiceSettings only = services(Map.of(), Map.of()).get(0);

        assertThat(only.name()).isEqualTo("default");
        assertThat(only.blue()).containsExactly(new Target("127.0.0.1", 8080));
        assertThat(only.green()).containsExactly(new Target("127.0.0.1", 8082));
        assertThat(only.hosts()).isEmpty();
    }

    @Test
    void with_a_service_there_is_no_default_one_unless_its_targets_are_given() {
        assertThat(names(services(shop(), Map.of()))).containsExactly("shop");
        String path = "turnout.services.\"shop\".path";
        assertThat(names(services(shop(path, "/shop", "turnout.green", "c:1"), Map.of())))
                .containsExactly("default", "shop");
        assertThat(names(services(shop(path, "/shop"), Map.of("TURNOUT_BLUE", "c:1"))))
                .containsExactly("default", "shop");
    }

    @Test
    void values_come_through_as_they_are_meant() {
        ServiceSettings shop = services(
                        shop(
                                "turnout.services.\"shop\".hosts", "Shop.example.com, *.example.com",
                                "turnout.services.\"shop\".path", "/api",
                                "turnout.services.\"shop\".strip-path", "true",
                                "turnout.services.\"shop\".balance", "least-in-flight"),
                        Map.of())
                .get(0);

        assertThat(shop.hosts()).extracting(HostPattern::toString).containsExactly("shop.example.com", "*.example.com");
        assertThat(shop.path()).isEqualTo("/api");
        assertThat(shop.stripPath()).isTrue();
        assertThat(shop.balance()).isEqualTo(Balance.LEAST_IN_FLIGHT);
        assertThat(shop.blue()).containsExactly(new Target("a", 1), new Target("a", 2));
    }

    @Test
    void a_service_tells_browsers_its_own_time_or_that_at_the_top() {
        Map<String, String> top = new HashMap<>(shop("turnout.tls.hsts", "1d"));
        assertThat(services(top, Map.of()).get(0).tlsHsts()).contains(Duration.ofDays(1));
        top.put("turnout.services.\"shop\".tls.hsts", "5m");
        assertThat(services(top, Map.of()).get(0).tlsHsts()).contains(Duration.ofMinutes(5));
        assertThat(services(shop(), Map.of()).get(0).tlsHsts()).isEmpty();
    }

    @Test
    void what_a_service_does_not_say_of_health_and_balance_is_said_at_the_top() {
        ServiceSettings shop = services(
                        shop(
                                "turnout.balance", "least-in-flight",
                                "turnout.health.path", "/up",
                                "turnout.health.interval", "2s",
                                "turnout.health.host", "probe.example",
                                "turnout.services.\"shop\".health.interval", "3s",
                                "turnout.services.\"shop\".health.rise", "7"),
                        Map.of())
                .get(0);

        assertThat(shop.balance()).isEqualTo(Balance.LEAST_IN_FLIGHT);
        assertThat(shop.health().path()).isEqualTo("/up");
        assertThat(shop.health().interval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(shop.health().rise()).isEqualTo(7);
        assertThat(shop.health().fall()).isEqualTo(3);
        assertThat(shop.health().host()).contains("probe.example");
    }

    @Test
    void a_name_may_stand_without_quotes() {
        assertThat(names(services(
                        Map.of("turnout.services.my-shop.blue", "a:1", "turnout.services.my-shop.green", "a:2"),
                        Map.of())))
                .containsExactly("my-shop");
    }

    @Test
    void the_environment_overrides_and_adds_keys_of_a_service() {
        ServiceSettings shop = services(
                        shop(),
                        Map.of(
                                "TURNOUT_SERVICES__SHOP__BLUE", "c:9",
                                "TURNOUT_SERVICES__SHOP__HOSTS", "shop.example",
                                "TURNOUT_SERVICES__SHOP__STRIP_PATH", "true",
                                "TURNOUT_SERVICES__SHOP__HEALTH_PATH", "/up"))
                .get(0);

        assertThat(shop.blue()).containsExactly(new Target("c", 9));
        assertThat(shop.hosts()).extracting(HostPattern::name).containsExactly("shop.example");
        assertThat(shop.stripPath()).isTrue();
        assertThat(shop.health().path()).isEqualTo("/up");
    }

    @Test
    void a_service_may_be_of_the_environment_alone() {
        List<ServiceSettings> services = services(
                Map.of(),
                Map.of(
                        "TURNOUT_SERVICES__SHOP__BLUE", "a:1",
                        "TURNOUT_SERVICES__SHOP__GREEN", "a:2",
                        "TURNOUT_SERVICES__SHOP__STRIP_PATH", "true",
                        "TURNOUT_SERVICES__SHOP__HEALTH_INTERVAL", "1s"));

        assertThat(names(services)).containsExactly("shop");
        assertThat(services.get(0).stripPath()).isTrue();
        assertThat(services.get(0).health().interval()).isEqualTo(Duration.ofSeconds(1));
    }
}
