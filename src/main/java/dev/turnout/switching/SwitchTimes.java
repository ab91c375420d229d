package dev.turnout.switching;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The time limits of a change.
 *
 * @param gates how long targets may take to pass the gate, for each service by its name
 * @param drain how long requests may take to end at targets that are left
 */
public record SwitchTimes(Map<String, Duration> gates, Duration drain) {

    public SwitchTimes {
        gates = Map.copyOf(gates);
    }

    Duration gate(String service) {
        return Objects.requireNonNull(gates.get(service), service);
    }
}
