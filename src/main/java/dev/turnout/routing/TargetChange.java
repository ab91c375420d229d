package dev.turnout.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What changes in the targets of one service: by a configuration, or at run time. A configuration leaves active slot,
 * pause, canary and targets out of rotation as they are.
 *
 * @param service the name of the service
 * @param before the service as it is; empty if the configuration adds the service
 * @param after the service as it becomes; empty if the configuration removes the service
 */
public record TargetChange(String service, Optional<Service> before, Optional<Service> after) {

    /** Returns the changes of all services whose targets are configured in another way, by name. */
    public static List<TargetChange> between(
            RoutingState state, Collection<ConfiguredTargets> configured, Instant now) {
        Map<String, TargetChange> changes = new TreeMap<>();
        state.services().forEach((name, service) -> changes.put(name, removed(service)));
        configured.forEach(
                targets -> changes.put(targets.service(), of(state.service(targets.service()), targets, now)));
        changes.values().removeIf(change -> change.before.equals(change.after));
        return List.copyOf(changes.values());
    }

    private static TargetChange removed(Service service) {
        return new TargetChange(service.name(), Optional.of(service), Optional.empty());
    }

    private static TargetChange of(Optional<Service> before, ConfiguredTargets targets, Instant now) {
        Pool blue = Pool.of(targets.blue());
        Pool green = Pool.of(targets.green());
        Service after = before.map(service -> service.reconciledWith(blue, green, now))
                .orElseGet(() -> Service.initial(targets.service(), blue, green, now));
        return new TargetChange(targets.service(), before, Optional.of(after));
    }

    /** Returns the change of one service that has served before, and goes on. */
    public static TargetChange of(Service before, Service after) {
        return new TargetChange(before.name(), Optional.of(before), Optional.of(after));
    }

    /** Returns a state with this change. */
    public RoutingState in(RoutingState state) {
        return after.map(state::with).orElseGet(() -> state.without(service));
    }

    /** Returns the targets that begin to get traffic of a service that has served before. */
    public List<Target> gaining() {
        if (before.isEmpty() || after.isEmpty()) {
            return List.of();
        }
        List<Target> gaining = new ArrayList<>(serving(after.get()));
        gaining.removeAll(serving(before.get()));
        return gaining;
    }

    /** Returns the targets that the service has no more. */
    public List<Target> left() {
        List<Target> left = new ArrayList<>(before.map(TargetChange::all).orElse(List.of()));
        left.removeAll(after.map(TargetChange::all).orElse(List.of()));
        return left;
    }

    private static List<Target> serving(Service service) {
        List<Target> active = service.pool(service.active()).inRotation();
        return service.canary().isEmpty()
                ? active
                : Stream.concat(active.stream(), service.pool(service.idle()).inRotation().stream())
                        .toList();
    }

    private static List<Target> all(Service service) {
        return Stream.concat(service.blue().targets().stream(), service.green().targets().stream())
                .distinct()
                .toList();
    }
}
