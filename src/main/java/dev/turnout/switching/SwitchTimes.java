package dev.turnout.switching;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The time limits of a change, as they are configured when a step asks.
 *
 * @param gates returns how long targets of the service of this name may take to pass the gate
 * @param drains returns how long requests may take to end at targets that are left
 */
public record SwitchTimes(Function<String, Duration> gates, Supplier<Duration> drains) {

    Duration gate(String service) {
        return gates.apply(service);
    }

    Duration drain() {
        return drains.get();
    }
}
