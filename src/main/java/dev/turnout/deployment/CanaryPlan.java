package dev.turnout.deployment;

import java.time.Duration;
import java.util.List;

/**
 * The steps of a canary.
 *
 * @param steps shares of the clients in percent, rising
 * @param pause between one step and the next
 * @param asks true to ask the operator before each step
 */
public record CanaryPlan(List<Integer> steps, Duration pause, boolean asks) {

    public CanaryPlan {
        steps = List.copyOf(steps);
    }

    String text() {
        return String.join(",", steps.stream().map(String::valueOf).toList());
    }
}
