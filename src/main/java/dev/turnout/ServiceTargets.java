package dev.turnout;

import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.ProbeResult;
import dev.turnout.health.TargetHealth;
import dev.turnout.log.Outages;
import dev.turnout.log.TargetView;
import dev.turnout.log.TargetView.Condition;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.HeldInDoubt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The targets of every service, with what routing and probes say of them now. Any thread. */
final class ServiceTargets {

    private static final int FIRST_STATUS = 100;

    private final CurrentState current;
    private final HealthMonitor monitor;
    private final HeldInDoubt heldInDoubt;

    ServiceTargets(CurrentState current, HealthMonitor monitor, HeldInDoubt heldInDoubt) {
        this.current = current;
        this.monitor = monitor;
        this.heldInDoubt = heldInDoubt;
    }

    /** Returns the names of the services whose requests wait for a decision of the fleet that this member can't learn. */
    Set<String> heldInDoubt() {
        return heldInDoubt.services();
    }

    /** Returns all targets of both slots, by the name of their service. */
    Map<String, List<TargetView>> all() {
        Map<String, List<TargetView>> all = new TreeMap<>();
        current.get().services().values().forEach(service -> all.put(service.name(), of(service)));
        return all;
    }

    /** Returns the names of the services without any target that is up among those that get requests. */
    List<String> servicesWithNobody() {
        return all().entrySet().stream()
                .filter(service -> Outages.isNobodyLeft(service.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<TargetView> of(Service service) {
        List<TargetView> views = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            boolean getsRequests = slot == service.active() || service.canaryWeight() > 0;
            List<Target> inRotation = service.pool(slot).inRotation();
            for (Target target : service.pool(slot).targets()) {
                views.add(view(
                        target, slot, getsRequests && inRotation.contains(target), monitor.of(service.name(), target)));
            }
        }
        return views;
    }

    private static TargetView view(Target target, Slot slot, boolean serves, TargetHealth health) {
        return new TargetView(
                target,
                slot,
                serves,
                condition(health.health()),
                health.badInARow(),
                health.last().map(ServiceTargets::reason).orElse(""));
    }

    private static Condition condition(Health health) {
        return switch (health) {
            case UNKNOWN -> Condition.UNKNOWN;
            case UP -> Condition.UP;
            case DOWN -> Condition.DOWN;
        };
    }

    private static String reason(ProbeResult probe) {
        if (probe.status() >= FIRST_STATUS) {
            return "answered " + probe.cause();
        }
        return switch (probe.cause()) {
            case "refused" -> "connection refused";
            case "timeout" -> "no answer in time";
            case "reset" -> "connection reset";
            case "closed" -> "connection closed without an answer";
            default -> probe.cause();
        };
    }
}
