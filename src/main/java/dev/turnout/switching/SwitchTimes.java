package dev.turnout.switching;

import java.time.Duration;
import java.util.function.Function;

/**
 * The time limits of a change and what it takes, as they are configured when a step asks.
 *
 * @param gates returns how long targets of the service of this name may take to pass the gate
 * @param rehearsals returns what a switch of the service of this name takes of its rehearsal
 * @param drains returns how long requests of the service of this name may take to end at targets that are left
 */
public record SwitchTimes(
        Function<String, Duration> gates,
        Function<String, RehearsalGate> rehearsals,
        Function<String, Duration> drains) {

    Duration gate(String service) {
        return gates.apply(service);
    }

    Duration drain(String service) {
        return drains.apply(service);
    }
}
