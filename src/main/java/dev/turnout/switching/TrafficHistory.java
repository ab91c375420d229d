package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TrafficCounters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of each service's active slot in the last minutes, but not from before the slot became active. Any thread.
 */
public final class TrafficHistory {

    private static final Logger LOG = Logger.getLogger(TrafficHistory.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** The number of intervals that are kept. */
    private static final int KEPT = 5;

    private final CurrentState current;
    private final TrafficCounters counters;
    private final Map<Key, Deque<SlotTraffic>> totals = new HashMap<>();
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

    /** Notes the traffic. An exception does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("The traffic of the slots could not be noted", e);
        }
    }

    /** Stops the schedule. */
    public synchronized void stop() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }

    /** Notes what every active slot has carried by now. */
    synchronized void look() {
        current.get().services().values().forEach(service -> {
            Deque<SlotTraffic> ofSlot = of(service);
            ofSlot.add(SlotTraffic.of(counters, service, service.active()));
            if (ofSlot.size() > KEPT) {
                ofSlot.remove();
            }
        });
    }

    /** Forgets what a service's active slot carried before it became active. The history of the other slot is kept. */
    synchronized void beginAnew(Service service) {
        Deque<SlotTraffic> ofSlot = of(service);
        ofSlot.clear();
        ofSlot.add(SlotTraffic.of(counters, service, service.active()));
    }

    /** Returns what a service's active slot has carried in the last minutes. */
    synchronized SlotTraffic lately(Service service) {
        SlotTraffic oldest = of(service).peek();
        return oldest == null
                ? SlotTraffic.NONE
                : SlotTraffic.of(counters, service, service.active()).since(oldest);
    }

    private Deque<SlotTraffic> of(Service service) {
        return totals.computeIfAbsent(new Key(service.name(), service.active()), key -> new ArrayDeque<>());
    }
}
