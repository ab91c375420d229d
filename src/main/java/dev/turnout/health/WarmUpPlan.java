package dev.turnout.health;

import dev.turnout.config.WarmUpConfig;
import java.time.Duration;
import java.util.List;

/**
 * The requests that targets get before they get traffic.
 *
 * @param paths requested with GET; if there are none, there is no warm-up
 * @param count how many requests for each path make a round
 * @param settle whether rounds follow one another until responses do not get faster
 * @param deadline how long the warm-up may take
 * @param required whether a change is refused if a path fails
 */
public record WarmUpPlan(List<String> paths, int count, boolean settle, Duration deadline, boolean required) {

    public WarmUpPlan {
        paths = List.copyOf(paths);
    }

    /** Returns the configured plan. */
    public static WarmUpPlan of(WarmUpConfig config) {
        return new WarmUpPlan(
                config.paths().orElse(List.of()),
                config.count(),
                config.settle(),
                config.deadline(),
                config.required());
    }
}
