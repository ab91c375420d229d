package dev.turnout.switching;

import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.TrafficPlane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the active slot of each service has carried in the last minutes, and not before it became the active one. Any
 * thread.
 */
public final class TrafficHistory {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** How many intervals are remembered. */
    private static final int KEPT = 5;

    private final CurrentState current;
    private final TrafficPlane plane;
    private final Map<String, Deque<Sample>> samples = new HashMap<>();
    private ScheduledExecutorService clock;

    /** What a slot had carried, since the start, at some time while it was the active one. */
    private record Sample(Slot slot, SlotTraffic total) {}

    TrafficHistory(CurrentState current, TrafficPlane plane) {
        this.current = current;
        this.plane = plane;
    }

    /** Begins to look at all services now and then, on a thread of its own. */
    public synchronized void begin() {
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "turnout-history");
            thread.setDaemon(true);
            return thread;
        });
        clock.scheduleAtFixedRate(this::lookAtAll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks no more. */
    public synchronized void stop() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }

    private void lookAtAll() {
        current.get().services().values().forEach(this::look);
    }

    /** Takes note of what a service's active slot has carried; to be called whenever another one has become it. */
    synchronized void look(Service service) {
        Deque<Sample> ofService = samples.computeIfAbsent(service.name(), name -> new ArrayDeque<>());
        ofService.removeIf(sample -> sample.slot() != service.active());
        ofService.add(new Sample(service.active(), SlotTraffic.of(plane, service, service.active())));
        if (ofService.size() > KEPT) {
            ofService.remove();
        }
    }

    /** What a service's active slot has carried in the last minutes. */
    synchronized SlotTraffic lately(Service service) {
        SlotTraffic now = SlotTraffic.of(plane, service, service.active());
        Sample oldest = samples.getOrDefault(service.name(), new ArrayDeque<>()).peek();
        return oldest == null || oldest.slot() != service.active() ? SlotTraffic.NONE : now.since(oldest.total());
    }
}
