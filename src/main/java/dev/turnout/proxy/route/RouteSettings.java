package dev.turnout.proxy.route;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What requests are routed by, beside the routing state.
 *
 * @param services which requests are for which service
 * @param slowStart how long a target that comes back gets less than its share
 * @param rateBytes the memory for the buckets of all rules with a rate, in bytes
 * @param rehearsals how requests of each service are copied
 * @param rehearsalLimits what bounds the copies of all services
 * @param preview which requests may choose a slot
 */
public record RouteSettings(
        List<ServiceMatch> services,
        Duration slowStart,
        long rateBytes,
        Map<String, RehearsalSettings> rehearsals,
        RehearsalLimits rehearsalLimits,
        Preview preview) {

    public RouteSettings {
        services = List.copyOf(services);
        rehearsals = Map.copyOf(rehearsals);
    }
}
