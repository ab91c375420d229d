package dev.turnout.switching;

import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.TargetHealth;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;

/** What the health of its targets makes of a slot. Between up and down there is much that is neither. */
final class SlotHealth {

    private final HealthMonitor monitor;

    SlotHealth(HealthMonitor monitor) {
        this.monitor = monitor;
    }

    /** Whether every target has answered well. */
    boolean isUp(Service service, Slot slot) {
        return service.pool(slot).targets().stream()
                .allMatch(target -> monitor.of(service.name(), target).health() == Health.UP);
    }

    /** Whether some target that gets requests answers well. */
    boolean serves(Service service, Slot slot) {
        return service.pool(slot).inRotation().stream()
                .anyMatch(target -> monitor.of(service.name(), target).health() == Health.UP);
    }

    /** Whether every target that gets requests is down, by so many probes in a row at least. */
    boolean isDown(Service service, Slot slot, int probes) {
        return service.pool(slot).inRotation().stream()
                .map(target -> monitor.of(service.name(), target))
                .allMatch(health -> isDown(health, probes));
    }

    private static boolean isDown(TargetHealth health, int probes) {
        return health.health() == Health.DOWN && health.badInARow() >= probes;
    }
}
