package dev.turnout.proxy;

import dev.turnout.proxy.http1.RequestHead;
import java.util.Map;

/**
 * A published routing state, in the form that requests are routed by: an immutable snapshot.
 *
 * @param directory finds the service of a request
 * @param byService the route of each service by its name
 */
record Routes(Directory directory, Map<String, Route> byService) {

    Routes {
        byService = Map.copyOf(byService);
    }

    /** The route that a request takes; null if it is for no service. */
    Route find(RequestHead head) {
        Entrance entrance = directory.find(head);
        return entrance == null ? null : byService.get(entrance.service());
    }

    /** Returns the same routes as a snapshot of its own, so that claims under this one are seen to be late. */
    Routes renewed() {
        return new Routes(directory, byService);
    }

    /** The route of a service; null if there is none of that name any more. */
    Route of(String service) {
        return byService.get(service);
    }

    /** Whether any service sends new requests to a target. */
    boolean sendsTo(Upstream upstream) {
        return byService.values().stream().anyMatch(route -> route.sendsTo(upstream));
    }
}
