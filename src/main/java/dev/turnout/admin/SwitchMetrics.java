package dev.turnout.admin;

import dev.turnout.routing.Latencies;
import dev.turnout.switching.ChangeEvent;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.Step;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The metrics of changes for Prometheus, counted from the events of changes. Any thread. */
public final class SwitchMetrics extends AskedMetrics {

    private static final String SERVICE = "service";
    private static final String ROLLBACK = "rollback";

    /** Refusals that alerts are made of: these are 0 before the first, so that a rate sees the first. */
    private static final List<ChangeRefused.Reason> TOLD = List.of(
            ChangeRefused.Reason.UNHEALTHY,
            ChangeRefused.Reason.REHEARSAL,
            ChangeRefused.Reason.NOT_WARM,
            ChangeRefused.Reason.STATE_NOT_SAVED,
            ChangeRefused.Reason.NOT_PUBLISHED);

    private final Supplier<? extends Iterable<String>> services;
    private final LongSupplier nanoClock;
    private final Map<String, OfService> byService = new TreeMap<>();

    /** What has happened to one service since the start. */
    private static final class OfService {
        private long switched;
        private long rolledBack;
        private long switchedBack;
        private long cut;
        private final Map<String, Long> refusals = new TreeMap<>();
        private Latencies flips = Latencies.NONE;
        private Latencies drains = Latencies.NONE;
        private String asked = "";
        private long persistingSince;

        OfService() {
            TOLD.forEach(reason -> refusals.put(Problems.word(reason.name()), 0L));
        }
    }

    /**
     * @param services gives the names of all services
     * @param nanoClock nanoseconds from an arbitrary origin
     */
    public SwitchMetrics(Supplier<? extends Iterable<String>> services, LongSupplier nanoClock) {
        this.services = services;
        this.nanoClock = nanoClock;
    }

    /** Called when something has happened to a service, on the thread that it happens on. */
    public synchronized void happened(ChangeEvent event) {
        OfService counted = of(event.service());
        switch (event.kind()) {
            case "step" -> step(counted, event.detail());
            case "switched" -> switched(counted, event.detail());
            case "ended" -> drained(counted, event.detail());
            case "refused" -> refused(counted, event);
            default -> {}
        }
    }

    private OfService of(String service) {
        return byService.computeIfAbsent(service, first -> new OfService());
    }

    private void step(OfService counted, JsonObject change) {
        if (Step.PERSIST.toString().equals(change.getString("step"))) {
            counted.asked = change.getString("what");
            counted.persistingSince = nanoClock.getAsLong();
        }
    }

    private void switched(OfService counted, JsonObject receipt) {
        counted.flips = counted.flips.plus(Latencies.ofOne(nanoClock.getAsLong() - counted.persistingSince));
        if (receipt.getString("from").equals(receipt.getString("to"))) {
            counted.switchedBack++;
        } else if (counted.asked.startsWith(ROLLBACK)) {
            counted.rolledBack++;
        } else {
            counted.switched++;
        }
    }

    private static void refused(OfService counted, ChangeEvent event) {
        if (!event.isDryRun()) {
            String reason = event.detail().getJsonObject("problem").getString("reason");
            counted.refusals.merge(Problems.word(reason), 1L, Long::sum);
        }
    }

    private static void drained(OfService counted, JsonObject report) {
        Optional.ofNullable(report.getJsonObject("drain")).ifPresent(drain -> {
            counted.drains =
                    counted.drains.plus(Latencies.ofOne(TimeUnit.MILLISECONDS.toNanos(drain.getLong("waitedMillis"))));
            counted.cut += drain.getLong("cutCount");
        });
    }

    @Override
    synchronized List<MetricFamily> families() {
        Map<String, OfService> now = new HashMap<>();
        services.get().forEach(service -> now.put(service, of(service)));
        byService.keySet().retainAll(now.keySet());
        MetricFamily switches = MetricFamily.counter(
                "turnout_switches",
                "Switches that were made: switched, rolled-back by an operator, or switched-back by a watch",
                SERVICE,
                "verdict");
        MetricFamily refusals = MetricFamily.counter(
                "turnout_refused_changes",
                "Changes that were refused, by reason; dry runs do not count",
                SERVICE,
                "reason");
        MetricFamily cut = MetricFamily.counter(
                "turnout_cut_requests", "Requests that were cut because their time in a drain was over", SERVICE);
        MetricFamily flips = MetricFamily.histogram(
                "turnout_flip_duration_seconds",
                "How long flips took, from the saving of the state until new requests went to the new slot",
                SERVICE);
        MetricFamily drains = MetricFamily.histogram("turnout_drain_duration_seconds", "How long drains took", SERVICE);
        now.forEach((service, counted) -> {
            switches.add(counted.switched, service, "switched")
                    .add(counted.rolledBack, service, "rolled-back")
                    .add(counted.switchedBack, service, "switched-back");
            counted.refusals.forEach((reason, count) -> refusals.add(count, service, reason));
            cut.add(counted.cut, service);
            flips.add(counted.flips, service);
            drains.add(counted.drains, service);
        });
        return List.of(switches, refusals, cut, flips, drains);
    }
}
