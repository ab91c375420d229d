package dev.turnout.tls;

import dev.turnout.routing.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the targets of all services are spoken to with at one time.
 *
 * @param services by the names of the services that speak TLS
 * @param configured the configured targets of all services
 * @param exceptions targets that are spoken to in another way than their service, by service: they come or leave
 */
record TargetTlsInForce(
        Map<String, TargetTls> services,
        Map<String, Set<Target>> configured,
        Map<String, Map<Target, Optional<TargetTls>>> exceptions) {

    static TargetTlsInForce none() {
        return new TargetTlsInForce(Map.of(), Map.of(), Map.of());
    }

    /** Returns what a target is spoken to with; null for plain connections. Makes no object. */
    @Nullable
    TargetTls of(String service, Target target) {
        Map<Target, Optional<TargetTls>> ofService = exceptions.get(service);
        Optional<TargetTls> exception = ofService == null ? null : ofService.get(target);
        return exception == null ? services.get(service) : exception.orElse(null);
    }

    /** Returns this with the targets that only others name, which are spoken to as those say. */
    TargetTlsInForce withTargetsOf(TargetTlsInForce other) {
        Map<String, Map<Target, Optional<TargetTls>>> all = new HashMap<>(exceptions);
        other.configured.forEach((service, targets) -> {
            Optional<TargetTls> theirs = Optional.ofNullable(other.services.get(service));
            if (!theirs.equals(Optional.ofNullable(services.get(service)))) {
                Map<Target, Optional<TargetTls>> only = new HashMap<>(all.getOrDefault(service, Map.of()));
                targets.stream()
                        .filter(target ->
                                !configured.getOrDefault(service, Set.of()).contains(target))
                        .forEach(target -> only.put(target, theirs));
                all.put(service, Map.copyOf(only));
            }
        });
        return new TargetTlsInForce(services, configured, Map.copyOf(all));
    }

    /** Returns everything that anything is spoken to with. */
    Set<TargetTls> all() {
        Set<TargetTls> all = new HashSet<>(services.values());
        exceptions.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .flatMap(Optional::stream)
                .forEach(all::add);
        return all;
    }
}
