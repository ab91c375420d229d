package dev.turnout.admin;

import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.switching.Announcer;
import dev.turnout.switching.CurrentState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of the data plane for Prometheus. The numbers are read when Prometheus asks, so requests pay nothing.
 *
 * <p>For each target: {@code turnout_requests_total}, {@code turnout_responses_total} by {@code class}, {@code
 * turnout_connect_failures_total}, {@code turnout_failures_total}, {@code turnout_retries_total}, {@code
 * turnout_in_flight}, {@code turnout_target_up} (1, 0, or NaN while it is unknown). For each slot: {@code
 * turnout_slot_active}, {@code turnout_slot_info} with the {@code version}. For each service: {@code turnout_revision}, {@code turnout_canary_weight} in percent,
 * {@code turnout_paused}, {@code turnout_held}.
 */
public final class TrafficMetrics {

    /** The kinds of events after which another build may be in a slot. */
    private static final Set<String> BUILDS_CHANGE = Set.of("switched", "changed", "reloaded");

    private final CurrentState current;
    private final TrafficCounters counters;
    private final HealthMonitor monitor;
    private final Announcer announcer;
    private final Set<Meter.Id> bound = new HashSet<>();

    public TrafficMetrics(CurrentState current, TrafficCounters counters, HealthMonitor monitor, Announcer announcer) {
        this.current = current;
        this.counters = counters;
        this.monitor = monitor;
        this.announcer = announcer;
    }

    /**
     * Registers the numbers of all services of the current state, and removes the numbers of services and targets that
     * are gone. Called again when services or targets have changed.
     */
    public synchronized void bindTo(MeterRegistry registry) {
        Set<Meter.Id> before = Set.copyOf(bound);
        bound.clear();
        bindAll(registry);
        before.stream().filter(id -> !bound.contains(id)).forEach(registry::remove);
    }

    /** Registers the versions in the slots, and follows their changes. Called once. */
    public void followBuilds(MeterRegistry registry) {
        MultiGauge builds = MultiGauge.builder("turnout.slot.info")
                .description(
                        "1, with the version of the build in the slot as a label; an empty label if it is not known")
                .register(registry);
        showBuilds(builds);
        announcer.listen(event -> {
            if (BUILDS_CHANGE.contains(event.kind())) {
                showBuilds(builds);
            }
        });
    }

    private void bindAll(MeterRegistry registry) {
        for (Service service : current.get().services().values()) {
            String name = service.name();
            bind(Gauge.builder("turnout.revision", () -> current.service(name).revision())
                    .description("Grows by one with every change of the routing")
                    .tags("service", name)
                    .register(registry));
            bind(Gauge.builder(
                            "turnout.canary.weight", () -> current.service(name).canaryWeight())
                    .description("Percent of the clients that the idle slot gets")
                    .tags("service", name)
                    .register(registry));
            bind(Gauge.builder("turnout.paused", () -> current.service(name).paused() ? 1 : 0)
                    .description("1 while new requests wait")
                    .tags("service", name)
                    .register(registry));
            bind(Gauge.builder("turnout.held", () -> counters.held(name))
                    .description("Requests that wait now because of a pause")
                    .tags("service", name)
                    .register(registry));
            for (Slot slot : Slot.values()) {
                bind(Gauge.builder(
                                "turnout.slot.active",
                                () -> current.service(name).active() == slot ? 1 : 0)
                        .description("1 for the slot that serves")
                        .tags("service", name, "slot", slot.toString())
                        .register(registry));
                service.pool(slot).targets().forEach(target -> bind(registry, name, slot, target));
            }
        }
    }

    /** Replaces the rows of all slots: a version that is gone has no row. */
    private void showBuilds(MultiGauge builds) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Service service : current.get().services().values()) {
            for (Slot slot : Slot.values()) {
                Tags tags = Tags.of(
                        "service",
                        service.name(),
                        "slot",
                        slot.toString(),
                        "version",
                        service.releases().version(slot).orElse(""));
                rows.add(MultiGauge.Row.of(tags, 1));
            }
        }
        builds.register(rows, true);
    }

    private void bind(MeterRegistry registry, String service, Slot slot, Target target) {
        Tags tags = Tags.of("service", service, "slot", slot.toString(), "target", target.toString());
        bind(Gauge.builder("turnout.target.up", () -> up(service, target))
                .description("1 if the last probes were good, 0 if not, NaN before the first")
                .tags(tags)
                .register(registry));
        bind(Gauge.builder("turnout.in.flight", () -> traffic(service, target).inFlight())
                .description("Requests that have been sent to the target and have not ended")
                .tags(tags)
                .register(registry));
        count(registry, "turnout.requests", tags, service, target, TargetTraffic::requests);
        count(
                registry,
                "turnout.responses",
                tags.and("class", "2xx3xx"),
                service,
                target,
                TargetTraffic::responses2xx3xx);
        count(registry, "turnout.responses", tags.and("class", "4xx"), service, target, TargetTraffic::responses4xx);
        count(registry, "turnout.responses", tags.and("class", "5xx"), service, target, TargetTraffic::responses5xx);
        count(registry, "turnout.connect.failures", tags, service, target, TargetTraffic::connectFailures);
        count(registry, "turnout.failures", tags, service, target, TargetTraffic::failures);
        count(registry, "turnout.retries", tags, service, target, TargetTraffic::retries);
    }

    private void bind(Meter meter) {
        bound.add(meter.getId());
    }

    private void count(
            MeterRegistry registry,
            String name,
            Tags tags,
            String service,
            Target target,
            ToDoubleFunction<TargetTraffic> number) {
        bind(FunctionCounter.builder(name, this, self -> number.applyAsDouble(self.traffic(service, target)))
                .tags(tags)
                .register(registry));
    }

    private TargetTraffic traffic(String service, Target target) {
        return counters.traffic(service).getOrDefault(target, TargetTraffic.NONE);
    }

    private double up(String service, Target target) {
        Health health = monitor.of(service, target).health();
        return health == Health.UNKNOWN ? Double.NaN : health == Health.UP ? 1 : 0;
    }
}
