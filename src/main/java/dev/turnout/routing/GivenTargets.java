package dev.turnout.routing;

import java.util.List;

/**
 * What a list of targets that was given at run time stands in for.
 *
 * @param configured the targets that the configuration named when the list was given
 */
public record GivenTargets(List<Target> configured) {

    public GivenTargets {
        configured = List.copyOf(configured);
    }
}
