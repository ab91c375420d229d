package dev.turnout.tls;

import dev.turnout.routing.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the targets of all services are spoken to at one time.
 *
 * @param services by the names of the services
 * @param configured the configured targets of all services
 * @param exceptions targets that are spoken to in another way than their service says: they come or leave, by service
 * @param unknown holds for a service that is not there
 */
record TargetWaysInForce(
        Map<String, ServiceWays> services,
        Map<String, Set<Target>> configured,
        Map<String, Map<Target, TargetWay>> exceptions,
        ServiceWays unknown) {

    static TargetWaysInForce none(ServiceWays unknown) {
        return new TargetWaysInForce(Map.of(), Map.of(), Map.of(), unknown);
    }

    /** Returns how a target is spoken to. Makes no object. */
    TargetWay of(String service, Target target) {
        Map<Target, TargetWay> ofService = exceptions.get(service);
        TargetWay exception = ofService == null ? null : ofService.get(target);
        return exception == null ? of(service).of(target) : exception;
    }

    /** Returns how the targets of a service are spoken to that neither come nor leave. */
    ServiceWays of(String service) {
        return services.getOrDefault(service, unknown);
    }

    /** Returns this with the targets that only others name, which are spoken to as those say. */
    TargetWaysInForce withTargetsOf(TargetWaysInForce other) {
        Map<String, Map<Target, TargetWay>> all = new HashMap<>(exceptions);
        other.configured.forEach((service, targets) -> {
            Map<Target, TargetWay> only = new HashMap<>(all.getOrDefault(service, Map.of()));
            for (Target target : targets) {
                TargetWay theirs = other.of(service).of(target);
                if (!configured.getOrDefault(service, Set.of()).contains(target)
                        && !theirs.equals(of(service).of(target))) {
                    only.put(target, theirs);
                }
            }
            if (!only.isEmpty()) {
                all.put(service, Map.copyOf(only));
            }
        });
        return new TargetWaysInForce(services, configured, Map.copyOf(all), unknown);
    }

    /** Returns everything that encrypts any connection. */
    Set<TargetTls> tls() {
        Set<TargetTls> all = new HashSet<>();
        services.values().forEach(ways -> ways.encrypted().tls().ifPresent(all::add));
        exceptions.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .flatMap(way -> Stream.ofNullable(way.tls()))
                .forEach(all::add);
        return all;
    }

    /** Returns what encrypts connections to targets of a service; empty if no target needs it. */
    Optional<TargetTls> tls(String service) {
        return of(service).encrypted().tls();
    }
}
