package dev.turnout.tls;

import dev.turnout.routing.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the targets of all services are spoken to at one time.
 *
 * @param services by the names of the services
 * @param configured the configured targets of all services
 * @param exceptions targets that are spoken to in another way than their service, by service: they come or leave
 */
record TargetWaysInForce(
        Map<String, TargetWay> services,
        Map<String, Set<Target>> configured,
        Map<String, Map<Target, TargetWay>> exceptions) {

    static TargetWaysInForce none() {
        return new TargetWaysInForce(Map.of(), Map.of(), Map.of());
    }

    /** Returns how a target is spoken to. Makes no object. */
    TargetWay of(String service, Target target) {
        Map<Target, TargetWay> ofService = exceptions.get(service);
        TargetWay exception = ofService == null ? null : ofService.get(target);
        return exception == null ? of(service) : exception;
    }

    /** Returns how the targets of a service are spoken to that neither come nor leave. */
    TargetWay of(String service) {
        return services.getOrDefault(service, TargetWay.PLAIN);
    }

    /** Returns this with the targets that only others name, which are spoken to as those say. */
    TargetWaysInForce withTargetsOf(TargetWaysInForce other) {
        Map<String, Map<Target, TargetWay>> all = new HashMap<>(exceptions);
        other.configured.forEach((service, targets) -> {
            TargetWay theirs = other.of(service);
            if (!theirs.equals(of(service))) {
                Map<Target, TargetWay> only = new HashMap<>(all.getOrDefault(service, Map.of()));
                targets.stream()
                        .filter(target ->
                                !configured.getOrDefault(service, Set.of()).contains(target))
                        .forEach(target -> only.put(target, theirs));
                all.put(service, Map.copyOf(only));
            }
        });
        return new TargetWaysInForce(services, configured, Map.copyOf(all));
    }

    /** Returns everything that encrypts any connection. */
    Set<TargetTls> tls() {
        Set<TargetTls> all = new HashSet<>();
        Stream.concat(
                        services.values().stream(),
                        exceptions.values().stream().map(Map::values).flatMap(Collection::stream))
                .forEach(way -> {
                    TargetTls tls = way.tls();
                    if (tls != null) {
                        all.add(tls);
                    }
                });
        return all;
    }
}
