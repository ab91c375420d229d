package dev.turnout.proxy.route;

import java.util.List;
import java.util.Map;

/**
 * What requests are routed by, beside the routing state.
 *
 * @param services which requests are for which service, and what holds for them
 * @param rateBytes the memory for the buckets of all rules with a rate, in bytes
 * @param rehearsals how requests of each service are copied
 * @param mostRehearsed the most copies of all services that wait for an answer
 */
public record RouteSettings(
        List<ServiceMatch> services, long rateBytes, Map<String, RehearsalSettings> rehearsals, int mostRehearsed) {

    public RouteSettings {
        services = List.copyOf(services);
        rehearsals = Map.copyOf(rehearsals);
    }
}
