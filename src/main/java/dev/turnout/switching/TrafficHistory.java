package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCounters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of each service's active slot in the last minutes, but not from before the slot became active. The counters of
 * each target are kept by themselves: targets come and go, and the counters of one that comes again begin anew. Any thread.
 */
public final class TrafficHistory {

    private static final Logger LOG = Logger.getLogger(TrafficHistory.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** The number of intervals that are kept. */
    private static final int KEPT = 5;

    private final CurrentState current;
    private final TrafficCounters counters;
    private final Map<Key, Deque<Map<Target, SlotTraffic>>> samples = new HashMap<>();
    private @Nullable ScheduledExecutorService clock;

    private record Key(String service, Slot slot) {}

    TrafficHistory(CurrentState current, TrafficCounters counters) {
        this.current = current;
        this.counters = counters;
    }

    /** Starts to note the traffic of all services once a minute, on a new thread. */
    public synchronized void begin() {
        clock = Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-history", task));
        clock.scheduleAtFixedRate(this::lookAgain, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Notes the traffic. A failure does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            LOG.error("The traffic of the slots could not be noted", e);
        }
    }

    /** Stops the schedule. */
    public synchronized void stop() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }

    /** Notes what every active slot has carried by now, and forgets services that are gone. */
    synchronized void look() {
        Map<String, Service> services = current.get().services();
        samples.keySet().removeIf(key -> !services.containsKey(key.service()));
        services.values().forEach(service -> {
            Deque<Map<Target, SlotTraffic>> ofSlot = of(service);
            Map<Target, SlotTraffic> now = now(service);
            // Of a service without traffic one sample is kept, however many services there are.
            ofSlot.add(now.equals(ofSlot.peekLast()) ? ofSlot.getLast() : now);
            if (ofSlot.size() > KEPT) {
                ofSlot.remove();
            }
        });
    }

    /** Forgets what a service's active slot carried before it became active. The history of the other slot is kept. */
    synchronized void beginAnew(Service service) {
        Deque<Map<Target, SlotTraffic>> ofSlot = of(service);
        ofSlot.clear();
        ofSlot.add(now(service));
    }

    /** Returns what the targets that a service's active slot has now have carried there in the last minutes. */
    synchronized SlotTraffic lately(Service service) {
        Deque<Map<Target, SlotTraffic>> ofSlot = of(service);
        return ofSlot.isEmpty()
                ? SlotTraffic.NONE
                : now(service).entrySet().stream()
                        .map(target -> since(ofSlot, target.getKey(), target.getValue()))
                        .reduce(SlotTraffic.NONE, SlotTraffic::plus);
    }

    private static SlotTraffic since(Deque<Map<Target, SlotTraffic>> ofSlot, Target target, SlotTraffic now) {
        return ofSlot.stream()
                .flatMap(sample -> Stream.ofNullable(sample.get(target)))
                .findFirst()
                .filter(oldest -> oldest.claimed() <= now.claimed())
                .map(now::since)
                .orElse(now);
    }

    private Map<Target, SlotTraffic> now(Service service) {
        return SlotTraffic.byTarget(counters, service, service.active());
    }

    private Deque<Map<Target, SlotTraffic>> of(Service service) {
        return samples.computeIfAbsent(new Key(service.name(), service.active()), key -> new ArrayDeque<>());
    }
}
