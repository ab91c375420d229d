package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.RequestHead;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A published routing state, in the form that requests are routed by: an immutable snapshot.
 *
 * @param hosts finds the service of a request
 * @param byService the route of each service by its name
 */
public record RoutingSnapshot(HostTable hosts, Map<String, ServiceRoute> byService) {

    public RoutingSnapshot {
        byService = Map.copyOf(byService);
    }

    /** Returns the route that a request takes; null if it is for no service. */
    public @Nullable ServiceRoute find(RequestHead head) {
        ServiceMatch match = hosts.find(head);
        return match == null ? null : byService.get(match.service());
    }

    /** Returns the same routes as a snapshot of its own, so that claims under this one are seen to be late. */
    RoutingSnapshot renewed() {
        return new RoutingSnapshot(hosts, byService);
    }

    /** Returns the same routes with new requests of a service kept or let go. */
    RoutingSnapshot held(String service, boolean isHeld) {
        ServiceRoute route = byService.get(service);
        if (route == null) {
            return this;
        }
        Map<String, ServiceRoute> next = new HashMap<>(byService);
        next.put(service, route.held(isHeld));
        return new RoutingSnapshot(hosts, next);
    }

    /** Returns the route of a service; null if there is none of that name any more. */
    public @Nullable ServiceRoute of(String service) {
        return byService.get(service);
    }

    /** Returns true if any service sends new requests to a target. */
    boolean sendsTo(TargetState target) {
        return byService.values().stream().anyMatch(route -> route.sendsTo(target));
    }
}
