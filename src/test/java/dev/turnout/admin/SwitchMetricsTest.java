package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.switching.ChangeEvent;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class SwitchMetricsTest {

    private final Set<String> services = new HashSet<>(Set.of("shop", "blog"));
    private long nanos;
    private final SwitchMetrics metrics = new SwitchMetrics(() -> services, () -> nanos);
    private final CollectorRegistry registry = new CollectorRegistry(true);

    @BeforeEach
    void register() {
        registry.register(metrics);
    }

    private void happened(String kind, String detail) {
        metrics.happened(new ChangeEvent("shop", kind, new JsonObject(detail)));
    }

    private void flip(String what, String receipt, Duration took) {
        happened("step", "{\"what\":\"" + what + "\",\"step\":\"persist\"}");
        happened("step", "{\"what\":\"" + what + "\",\"step\":\"publish\"}");
        nanos += took.toNanos();
        happened("switched", receipt);
    }

    private Double shop(String name, String label, String value) {
        return registry.getSampleValue(name, new String[] {"service", label}, new String[] {"shop", value});
    }

    private Double shop(String name) {
        return registry.getSampleValue(name, new String[] {"service"}, new String[] {"shop"});
    }

    @Test
    @DisplayName("what alerts are made of is 0 before it happens")
    void zero() {
        for (String verdict : List.of("switched", "rolled-back", "switched-back")) {
            assertThat(shop("turnout_switches_total", "verdict", verdict)).isZero();
        }
        for (String reason : List.of("unhealthy", "rehearsal", "not-warm", "state-not-saved", "nginx-failed")) {
            assertThat(shop("turnout_refused_changes_total", "reason", reason)).isZero();
        }
        assertThat(shop("turnout_cut_requests_total")).isZero();
    }

    @Test
    @DisplayName("a switch, a rollback and a switch back are told apart, and each flip has its duration")
    void switches() {
        flip("switch to green", "{\"from\":\"blue\",\"to\":\"green\"}", Duration.ofMillis(2));
        flip("switch to green", "{\"from\":\"blue\",\"to\":\"blue\"}", Duration.ofMillis(2));
        flip("rollback", "{\"from\":\"green\",\"to\":\"blue\"}", Duration.ofMillis(3));

        assertThat(shop("turnout_switches_total", "verdict", "switched")).isOne();
        assertThat(shop("turnout_switches_total", "verdict", "switched-back")).isOne();
        assertThat(shop("turnout_switches_total", "verdict", "rolled-back")).isOne();
        assertThat(shop("turnout_flip_duration_seconds_count")).isEqualTo(3);
        assertThat(shop("turnout_flip_duration_seconds_sum")).isEqualTo(0.007);
        assertThat(shop("turnout_flip_duration_seconds_bucket", "le", "0.0025")).isEqualTo(2);
    }

    @Test
    @DisplayName("a drain has its duration and the requests that it cut; a change without a drain has none")
    void drains() {
        happened("ended", "{\"drain\":{\"waitedMillis\":1500,\"cutCount\":3}}");
        happened("ended", "{\"drain\":null}");

        assertThat(shop("turnout_drain_duration_seconds_count")).isOne();
        assertThat(shop("turnout_drain_duration_seconds_sum")).isEqualTo(1.5);
        assertThat(shop("turnout_cut_requests_total")).isEqualTo(3);
    }

    @Test
    @DisplayName("a refusal counts by the word that its caller got, and a service that is gone has no metrics")
    void refusals() {
        happened("refused", "{\"problem\":{\"reason\":\"NOT_WARM\",\"detail\":\"no\"}}");
        happened("refused", "{\"problem\":{\"reason\":\"BUSY\",\"detail\":\"no\"}}");

        assertThat(shop("turnout_refused_changes_total", "reason", "not-warm")).isOne();
        assertThat(shop("turnout_refused_changes_total", "reason", "busy")).isOne();
        services.remove("shop");
        assertThat(shop("turnout_refused_changes_total", "reason", "busy")).isNull();
    }

    @Test
    @DisplayName("a dry run that is refused does not count")
    void dryRuns() {
        happened("refused", "{\"what\":\"switch to green, dry run\",\"problem\":{\"reason\":\"UNHEALTHY\"}}");

        assertThat(shop("turnout_refused_changes_total", "reason", "unhealthy")).isZero();
    }
}
