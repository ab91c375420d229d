package dev.turnout.health;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Probes every target of both slots of every service all the time, and knows what came of it.
 *
 * <p>All probes and changes happen on one event loop context, one after another; what is known may be read on any
 * thread.
 */
public final class HealthMonitor {

    /** A target as one service sees it: two services may probe one target in different ways. */
    private record Watched(String service, Target target) {}

    private static final Logger LOG = Logger.getLogger(HealthMonitor.class);

    private final Vertx vertx;
    private final Context context;
    private final Function<String, ProbePlan> plans;
    private final Map<Watched, Watch> watches = new ConcurrentHashMap<>();
    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    private final List<ProbeListener> probeListeners = new CopyOnWriteArrayList<>();

    /** One stretch of probing a target without a break; what is known is written on the context only. */
    private static final class Watch {
        private volatile TargetHealth health = TargetHealth.unknown(Instant.now());
    }

    /** @param plans how the targets of the service of this name are probed; asked before each probe */
    public HealthMonitor(Vertx vertx, Function<String, ProbePlan> plans) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.plans = plans;
    }

    /** From now on probes the targets of this state and no others; new ones at once. Any thread. */
    public void watch(RoutingState state) {
        Set<Watched> wanted = new HashSet<>();
        for (Service service : state.services().values()) {
            service.blue().targets().forEach(target -> wanted.add(new Watched(service.name(), target)));
            service.green().targets().forEach(target -> wanted.add(new Watched(service.name(), target)));
        }
        context.runOnContext(now -> {
            watches.keySet().retainAll(wanted);
            wanted.forEach(this::begin);
        });
    }

    /** Stops all probes; one that is under way ends by itself, unheard. Any thread. */
    public void stop() {
        watch(RoutingState.of(List.of()));
    }

    /** What is known of a target; {@link Health#UNKNOWN} of one that isn't watched. Any thread. */
    public TargetHealth of(String service, Target target) {
        Watch watch = watches.get(new Watched(service, target));
        return watch != null ? watch.health : TargetHealth.unknown(Instant.now());
    }

    /** From now on tells a listener of every change. Any thread. */
    public void addListener(HealthListener listener) {
        listeners.add(listener);
    }

    /** From now on tells a listener of every probe. Any thread. */
    public void addListener(ProbeListener listener) {
        probeListeners.add(listener);
    }

    /** Takes over what a gate has proved: the target is up. Any thread. */
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
        ProbePlan plan = plans.apply(watched.service());
        long started = System.nanoTime();
        Probe.send(vertx, watched.target(), plan).onSuccess(result -> {
            if (watches.get(watched) == watch) {
                try {
                    change(watched, watch, watch.health.after(result, plan.rise(), plan.fall()));
                } finally {
                    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                    vertx.setTimer(Math.max(1, plan.interval().toMillis() - spent), timer -> probe(watched, watch));
                }
            }
        });
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

    /** What one listener throws keeps neither the others from hearing nor the target from being probed again. */
    private static void tell(Watched watched, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException | Error broken) {
            LOG.errorf(broken, "%s: a listener failed at a probe of %s", watched.service(), watched.target());
        }
    }
}
