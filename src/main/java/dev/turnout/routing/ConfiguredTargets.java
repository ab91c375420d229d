package dev.turnout.routing;

import java.util.List;

/**
 * The targets of a service in the configuration.
 *
 * @param service the name of the service
 */
public record ConfiguredTargets(String service, List<Target> blue, List<Target> green) {

    public ConfiguredTargets {
        blue = List.copyOf(blue);
        green = List.copyOf(green);
    }
}
