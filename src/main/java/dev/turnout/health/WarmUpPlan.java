package dev.turnout.health;

import dev.turnout.config.WarmUpConfig;
import java.time.Duration;
import java.util.List;

/**
 * What targets are asked for before they get traffic.
 *
 * @param paths what is asked for with GET; nothing is done if there are none
 * @param count how many requests for each path make a round
 * @param settle whether rounds follow one another until the answers don't get any faster
 * @param deadline how long all of it may take
 * @param required whether a change is refused if a path fails
 */
public record WarmUpPlan(List<String> paths, int count, boolean settle, Duration deadline, boolean required) {

    public WarmUpPlan {
        paths = List.copyOf(paths);
    }

    /** The plan that is configured. */
    public static WarmUpPlan of(WarmUpConfig config) {
        return new WarmUpPlan(
                config.paths().orElse(List.of()),
                config.count(),
                config.settle(),
                config.deadline(),
                config.required());
    }
}
