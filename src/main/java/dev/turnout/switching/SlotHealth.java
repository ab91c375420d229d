package dev.turnout.switching;

import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.TargetHealth;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.util.List;

/** The health of a slot, by the health of its targets. A slot may be neither up nor down. */
final class SlotHealth {

    private final HealthMonitor monitor;

    SlotHealth(HealthMonitor monitor) {
        this.monitor = monitor;
    }

    /** Returns true if the slot has targets, and every one is up. */
    boolean isUp(Service service, Slot slot) {
        List<Target> targets = service.pool(slot).targets();
        return !targets.isEmpty()
                && targets.stream()
                        .allMatch(target -> monitor.of(service.name(), target).health() == Health.UP);
    }

    /** Returns true if a target in rotation is up. */
    boolean serves(Service service, Slot slot) {
        return service.pool(slot).inRotation().stream()
                .anyMatch(target -> monitor.of(service.name(), target).health() == Health.UP);
    }

    /** Returns true if no target in rotation serves: each is down, with at least so many bad probes in a row. */
    boolean isDown(Service service, Slot slot, int probes) {
        return service.pool(slot).inRotation().stream()
                .map(target -> monitor.of(service.name(), target))
                .allMatch(health -> isDown(health, probes));
    }

    private static boolean isDown(TargetHealth health, int probes) {
        return health.health() == Health.DOWN && health.badInARow() >= probes;
    }
}
