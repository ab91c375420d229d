package dev.turnout.switching;

import java.time.Duration;
import java.util.Map;

/**
 * How long a switch may take.
 *
 * @param gates until the new slot must be healthy, for each service by its name
 * @param drain until the old slot's requests are cut
 */
public record SwitchTimes(Map<String, Duration> gates, Duration drain) {

    public SwitchTimes {
        gates = Map.copyOf(gates);
    }

    Duration gate(String service) {
        return gates.get(service);
    }
}
