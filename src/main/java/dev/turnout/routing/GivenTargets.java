package dev.turnout.routing;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a list of targets that was given at run time stands in for.
 *
 * @param configured the targets that the configuration named when the list was given
 * @param leases for how long a target stays without being renewed; a target without a lease stays
 */
public record GivenTargets(List<Target> configured, Map<Target, Duration> leases) {

    public GivenTargets {
        configured = List.copyOf(configured);
        leases = Map.copyOf(leases);
    }
}
