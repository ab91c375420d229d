package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.fleet.FleetStatus.Decided;
import io.prometheus.client.CollectorRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of a fleet")
final class FleetMetricsTest {

    private static Decided decided(String service, long here, String... lacking) {
        return new Decided(service, "blue", 7, here, Optional.empty(), List.of(lacking), Optional.empty());
    }

    private static CollectorRegistry metrics(Map<String, String> apart, Decided... services) {
        FleetStatus status = new FleetStatus(
                "main",
                "a",
                "p1",
                Optional.of("f1"),
                Optional.empty(),
                Optional.empty(),
                41,
                List.of(),
                List.of(services),
                new TreeMap<>(apart));
        CollectorRegistry registry = new CollectorRegistry(true);
        registry.register(new FleetMetrics(() -> Optional.of(status)));
        return registry;
    }

    private static @Nullable Double of(CollectorRegistry registry, String name, String service) {
        return registry.getSampleValue(name, new String[] {"service"}, new String[] {service});
    }

    @Test
    @DisplayName("have the revision of the fleet and that of this member")
    void a_service_has_both_revisions() {
        CollectorRegistry metrics = metrics(Map.of(), decided("shop", 6, "b"));

        assertThat(of(metrics, "turnout_fleet_epoch", "shop")).isEqualTo(7);
        assertThat(of(metrics, "turnout_fleet_epoch_here", "shop")).isEqualTo(6);
    }

    @Test
    @DisplayName("have no revision here of a service that this member does not have, or serves apart from the fleet")
    void a_service_that_this_member_does_not_follow_has_no_revision_here() {
        CollectorRegistry metrics = metrics(Map.of("blog", "differs"), decided("shop", 0, "a"), decided("blog", 0));

        assertThat(of(metrics, "turnout_fleet_epoch", "shop")).isEqualTo(7);
        assertThat(of(metrics, "turnout_fleet_epoch_here", "shop")).isNull();
        assertThat(of(metrics, "turnout_fleet_epoch_here", "blog")).isNull();
    }
}
