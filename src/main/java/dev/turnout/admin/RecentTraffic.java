package dev.turnout.admin;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.switching.CurrentState;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The traffic of each service in the last minute, from samples of the counters. Any thread. */
public final class RecentTraffic {

    private static final Logger LOG = Logger.getLogger(RecentTraffic.class);

    private final CurrentState current;
    private final TrafficCounters counters;
    private final LongSupplier nanoClock;
    private final Map<String, ServiceSamples> byService = new HashMap<>();
    private @Nullable ScheduledExecutorService schedule;

    /** @param nanoClock nanoseconds from an arbitrary origin */
    public RecentTraffic(CurrentState current, TrafficCounters counters, LongSupplier nanoClock) {
        this.current = current;
        this.counters = counters;
        this.nanoClock = nanoClock;
    }

    /** Starts to take a sample each second, on a new thread. */
    public synchronized void begin() {
        if (counters.areKept()) {
            schedule = Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-traffic", task));
            schedule.scheduleAtFixedRate(this::lookAgain, 0, 1, TimeUnit.SECONDS);
        }
    }

    /** Takes a sample. A failure does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            LOG.error("The traffic of the services could not be sampled", e);
        }
    }

    /** Stops the schedule. */
    public synchronized void stop() {
        if (schedule != null) {
            schedule.shutdownNow();
        }
    }

    /** Takes a sample of all services. */
    synchronized void look() {
        Set<String> services = current.get().services().keySet();
        byService.keySet().retainAll(services);
        long now = nanoClock.getAsLong();
        services.forEach(service -> byService
                .computeIfAbsent(service, first -> new ServiceSamples())
                .add(counters.totals(service), now));
    }

    /** Returns the figures of a service, as {@link ServiceSamples#figures}; null if there are none yet, or nothing counts. */
    synchronized @Nullable JsonObject of(String service) {
        ServiceSamples samples = byService.get(service);
        return samples == null ? null : samples.figures();
    }
}
