package dev.turnout.routing;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The routing state of all services: an immutable value.
 *
 * @param services by name
 */
public record RoutingState(SortedMap<String, Service> services) {

    public RoutingState {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        services.forEach((name, service) -> {
            if (!service.name().equals(name)) {
                throw new IllegalArgumentException("service '" + service.name() + "' is kept as '" + name + "'");
            }
        });
    }

    public static RoutingState of(Collection<Service> services) {
        SortedMap<String, Service> byName = new TreeMap<>();
        services.forEach(service -> byName.put(service.name(), service));
        return new RoutingState(byName);
    }

    public Optional<Service> service(String name) {
        return Optional.ofNullable(services.get(name));
    }

    /** Returns this state with one service replaced or added. */
    public RoutingState with(Service service) {
        Map<String, Service> next = new TreeMap<>(services);
        next.put(service.name(), service);
        return new RoutingState(new TreeMap<>(next));
    }

    /** Returns this state without a service. */
    public RoutingState without(String service) {
        TreeMap<String, Service> next = new TreeMap<>(services);
        next.remove(service);
        return new RoutingState(next);
    }
}
