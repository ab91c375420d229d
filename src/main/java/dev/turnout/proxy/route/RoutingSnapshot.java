package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.RequestHead;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A published routing state, in the form that requests are routed by: an immutable snapshot.
 *
 * @param directory finds the service of a request
 * @param byService the route of each service by its name
 */
public record RoutingSnapshot(HostTable directory, Map<String, ServiceRoute> byService) {

    public RoutingSnapshot {
        byService = Map.copyOf(byService);
    }

    /** The route that a request takes; null if it is for no service. */
    public @Nullable ServiceRoute find(RequestHead head) {
        ServiceMatch entrance = directory.find(head);
        return entrance == null ? null : byService.get(entrance.service());
    }

    /** Returns the same routes as a snapshot of its own, so that claims under this one are seen to be late. */
    RoutingSnapshot renewed() {
        return new RoutingSnapshot(directory, byService);
    }

    /** The route of a service; null if there is none of that name any more. */
    public @Nullable ServiceRoute of(String service) {
        return byService.get(service);
    }

    /** Whether any service sends new requests to a target. */
    boolean sendsTo(TargetState upstream) {
        return byService.values().stream().anyMatch(route -> route.sendsTo(upstream));
    }
}
