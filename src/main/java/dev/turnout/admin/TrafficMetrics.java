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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
    private final Map<Name, Meter> bound = new HashMap<>();

    /** What tells a meter from all others. */
    private record Name(String meter, Tags tags) {}

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
        Map<Name, Supplier<Meter>> wanted = new LinkedHashMap<>();
        for (Service service : current.get().services().values()) {
            addService(registry, service, wanted);
        }
        wanted.forEach((name, register) -> bound.computeIfAbsent(name, key -> register.get()));
        bound.entrySet().removeIf(entry -> {
            boolean isGone = !wanted.containsKey(entry.getKey());
            if (isGone) {
                registry.remove(entry.getValue());
            }
            return isGone;
        });
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

    private void addService(MeterRegistry registry, Service service, Map<Name, Supplier<Meter>> wanted) {
        String name = service.name();
        Tags tags = Tags.of("service", name);
        Gauges gauges =
                (meter, own, description, number) -> wanted.put(new Name(meter, own), () -> Gauge.builder(meter, number)
                        .description(description)
                        .tags(own)
                        .register(registry));
        gauges.add(
                "turnout.revision", tags, "Grows by one with every change of the routing", () -> current.service(name)
                        .revision());
        gauges.add(
                "turnout.canary.weight", tags, "Percent of the clients that the idle slot gets", () -> current.service(
                                name)
                        .canaryWeight());
        gauges.add(
                "turnout.paused",
                tags,
                "1 while new requests wait",
                () -> current.service(name).paused() ? 1 : 0);
        gauges.add("turnout.held", tags, "Requests that wait now because of a pause", () -> counters.held(name));
        for (Slot slot : Slot.values()) {
            gauges.add(
                    "turnout.slot.active",
                    tags.and("slot", slot.toString()),
                    "1 for the slot that serves",
                    () -> current.service(name).active() == slot ? 1 : 0);
            for (Target target : service.pool(slot).targets()) {
                Tags own = tags.and("slot", slot.toString(), "target", target.toString());
                gauges.add(
                        "turnout.target.up",
                        own,
                        "1 if the last probes were good, 0 if not, NaN before the first",
                        () -> up(name, target));
                gauges.add(
                        "turnout.in.flight",
                        own,
                        "Requests that have been sent to the target and have not ended",
                        () -> traffic(name, target).inFlight());
                addCounters(
                        own,
                        (meter, tagged, number) -> wanted.put(new Name(meter, tagged), () -> FunctionCounter.builder(
                                        meter, this, self -> number.applyAsDouble(self.traffic(name, target)))
                                .tags(tagged)
                                .register(registry)));
            }
        }
    }

    /** Where gauges are added to. */
    @FunctionalInterface
    private interface Gauges {
        void add(String meter, Tags tags, String description, Supplier<Number> number);
    }

    /** Where counters of a target are added to. */
    @FunctionalInterface
    private interface Counters {
        void add(String meter, Tags tags, ToDoubleFunction<TargetTraffic> number);
    }

    private static void addCounters(Tags tags, Counters counters) {
        counters.add("turnout.requests", tags, TargetTraffic::requests);
        counters.add("turnout.responses", tags.and("class", "2xx3xx"), TargetTraffic::responses2xx3xx);
        counters.add("turnout.responses", tags.and("class", "4xx"), TargetTraffic::responses4xx);
        counters.add("turnout.responses", tags.and("class", "5xx"), TargetTraffic::responses5xx);
        counters.add("turnout.connect.failures", tags, TargetTraffic::connectFailures);
        counters.add("turnout.failures", tags, TargetTraffic::failures);
        counters.add("turnout.retries", tags, TargetTraffic::retries);
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

    private TargetTraffic traffic(String service, Target target) {
        return counters.traffic(service).getOrDefault(target, TargetTraffic.NONE);
    }

    private double up(String service, Target target) {
        Health health = monitor.of(service, target).health();
        return health == Health.UNKNOWN ? Double.NaN : health == Health.UP ? 1 : 0;
    }
}
