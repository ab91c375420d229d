package dev.turnout.switching;

import java.time.Duration;
import java.util.Map;

/**
 * How long a change may take.
 *
 * @param gates until the targets that are to get traffic must be healthy, for each service by its name
 * @param drain until the requests at targets that are left are cut
 */
public record SwitchTimes(Map<String, Duration> gates, Duration drain) {

    public SwitchTimes {
        gates = Map.copyOf(gates);
    }

    Duration gate(String service) {
        return gates.get(service);
    }
}
