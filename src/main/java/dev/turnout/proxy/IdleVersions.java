package dev.turnout.proxy;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Notices that the idle slot of a service is another one, or has other targets. Any thread. */
final class IdleVersions {

    private record Idle(Slot slot, List<Target> targets) {}

    private final Consumer<String> changed;
    private Map<String, Idle> known = Map.of();

    /** @param changed gets the name of the service */
    IdleVersions(Consumer<String> changed) {
        this.changed = changed;
    }

    /** Called after a state was published. */
    synchronized void published(RoutingState state) {
        Map<String, Idle> next = new HashMap<>();
        for (Service service : state.services().values()) {
            Idle idle = new Idle(service.idle(), service.pool(service.idle()).targets());
            next.put(service.name(), idle);
            if (!idle.equals(known.get(service.name()))) {
                changed.accept(service.name());
            }
        }
        known = next;
    }
}
