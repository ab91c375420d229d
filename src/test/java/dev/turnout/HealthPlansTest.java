package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.RunningConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.Target;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthPlansTest {

    private static final String SHOP = "shop";
    private static final Target OLD = new Target("a", 1);
    private static final Target NEW = new Target("c", 1);

    private final TurnoutConfig first = configured("/first", "a:1");
    private final TurnoutConfig second = configured("/second", "a:1,c:1");
    private final RunningConfig running = new RunningConfig(first);
    private final HealthPlans plans = new HealthPlans(running, new TargetWays(), DataPlane::headerOfNobody);

    private static TurnoutConfig configured(String path, String blue) {
        Map<String, String> properties = new HashMap<>();
        properties.put("turnout.services.\"shop\".blue", blue);
        properties.put("turnout.services.\"shop\".green", "b:1");
        properties.put("turnout.services.\"shop\".health.path", path);
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .build());
    }

    private String path(Target target) {
        return plans.of(SHOP, target).path();
    }

    @Test
    void a_plan_is_made_once_for_all_probes() {
        assertThat(plans.of(SHOP, OLD)).isSameAs(plans.of(SHOP, OLD));
        assertThat(path(OLD)).isEqualTo("/first");
    }

    @Test
    void another_configuration_in_force_has_plans_of_its_own() {
        assertThat(path(OLD)).isEqualTo("/first");

        running.set(second, List.of());

        assertThat(path(OLD)).isEqualTo("/second");
    }

    @Test
    void while_a_configuration_is_proved_it_holds_for_its_new_targets_alone() {
        plans.proveBy(second, NextSettings.none());

        assertThat(path(NEW)).isEqualTo("/second");
        assertThat(path(OLD)).isEqualTo("/first");
    }

    @Test
    void what_is_given_up_leaves_nothing_behind() {
        NextSettings proved = plans.proveBy(second, NextSettings.none());
        assertThat(path(NEW)).isEqualTo("/second");

        proved.giveUp();

        assertThat(path(NEW)).isEqualTo("/first");
    }
}
