package dev.turnout.health;

import dev.turnout.config.LogLimit;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The monitor that probes every target of both slots of every service all the time, and keeps the results.
 *
 * <p>All probes and changes happen on one event loop context, one after another. Results may be read on any thread.
 */
public final class HealthMonitor {

    /** A target as one service sees it: two services may probe one target in different ways. */
    private record Watched(String service, Target target) {}

    private static final Logger LOG = Logger.getLogger(HealthMonitor.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context context;
    private final ProbePlans plans;
    private final Map<Watched, Watch> watches = new ConcurrentHashMap<>();
    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    private final List<ProbeListener> probeListeners = new CopyOnWriteArrayList<>();
    private final LogLimit shortageLines = new LogLimit();

    /** One period of probing a target without a break. Results are written on the context only. */
    private static final class Watch {
        private volatile TargetHealth health = TargetHealth.unknown(Instant.now());
    }

    /** @param plans how targets are probed */
    public HealthMonitor(Vertx vertx, ProbePlans plans) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.plans = plans;
    }

    /**
     * Probes the targets of the state of now, and no others, from now on. New targets are probed at once. Any thread.
     *
     * @param state is asked a moment later, so that of two changes at a time the later one holds
     */
    public void watch(Supplier<RoutingState> state) {
        context.runOnContext(now -> {
            Set<Watched> wanted = new HashSet<>();
            for (Service service : state.get().services().values()) {
                service.blue().targets().forEach(target -> wanted.add(new Watched(service.name(), target)));
                service.green().targets().forEach(target -> wanted.add(new Watched(service.name(), target)));
            }
            watches.keySet().retainAll(wanted);
            wanted.forEach(this::begin);
        });
    }

    /** Probes the targets of some services by their new plans, from now on. What is known of them stays. Any thread. */
    public void renew(Set<String> services) {
        context.runOnContext(now -> Map.copyOf(watches).forEach((watched, watch) -> {
            if (services.contains(watched.service())) {
                renew(watched, watch);
            }
        }));
    }

    private void renew(Watched watched, Watch watch) {
        Watch fresh = new Watch();
        fresh.health = watch.health;
        watches.put(watched, fresh);
        probe(watched, fresh);
    }

    /** Stops all probes. A probe that is under way ends by itself, and its result is ignored. Any thread. */
    public void stop() {
        watch(() -> RoutingState.of(List.of()));
    }

    /** Returns the health of a target; {@link Health#UNKNOWN} if the target isn't watched. Any thread. */
    public TargetHealth of(String service, Target target) {
        Watch watch = watches.get(new Watched(service, target));
        return watch != null ? watch.health : TargetHealth.unknown(Instant.now());
    }

    /** Calls a listener for every change from now on. Any thread. */
    public void addListener(HealthListener listener) {
        listeners.add(listener);
    }

    /** Calls a listener for every probe from now on. Any thread. */
    public void addListener(ProbeListener listener) {
        probeListeners.add(listener);
    }

    /** Called when a gate has proved a target: the target is up. Any thread. */
    void proved(String service, Target target, ProbeResult last, int good) {
        Watched watched = new Watched(service, target);
        context.runOnContext(now -> {
            Watch watch = watches.get(watched);
            if (watch != null) {
                change(watched, watch, watch.health.proved(last, good));
            }
        });
    }

    private void begin(Watched watched) {
        Watch watch = new Watch();
        if (watches.putIfAbsent(watched, watch) == null) {
            probe(watched, watch);
        }
    }

    private void probe(Watched watched, Watch watch) {
        if (watches.get(watched) != watch) {
            return;
        }
        long started = System.nanoTime();
        try {
            ProbePlan plan = plans.of(watched.service(), watched.target());
            Probe.send(vertx, watched.target(), plan).onSuccess(result -> {
                if (watches.get(watched) == watch) {
                    try {
                        answered(watched, watch, result, plan);
                    } finally {
                        probeAgain(watched, watch, plan.interval(), started);
                    }
                }
            });
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "%s: %s could not be probed", watched.service(), watched.target());
            probeAgain(watched, watch, AFTER_FAULT, started);
        }
    }

    /** Counts a probe. One that this process could not send leaves the health as it is. */
    private void answered(Watched watched, Watch watch, ProbeResult result, ProbePlan plan) {
        if (!result.isOfShortage()) {
            change(watched, watch, watch.health.after(result, plan.rise(), plan.fall()));
        } else if (shortageLines.mayWrite()) {
            LOG.warnf(
                    "%s: %s was %s. Targets that can't be probed keep the health that they had.",
                    watched.service(), watched.target(), result.cause());
        }
    }

    private void probeAgain(Watched watched, Watch watch, Duration interval, long startedNanos) {
        long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        vertx.setTimer(Math.max(1, interval.toMillis() - spent), timer -> probe(watched, watch));
    }

    private void change(Watched watched, Watch watch, TargetHealth after) {
        TargetHealth before = watch.health;
        watch.health = after;
        probeListeners.forEach(
                listener -> tell(watched, () -> listener.probed(watched.service(), watched.target(), after)));
        if (after.health() != before.health()) {
            listeners.forEach(listener ->
                    tell(watched, () -> listener.healthChanged(watched.service(), watched.target(), before, after)));
        }
    }

    /** Calls a listener. Catches what the listener throws: other listeners are called, and the probes go on. */
    private static void tell(Watched watched, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "%s: a listener failed at a probe of %s", watched.service(), watched.target());
        }
    }
}
