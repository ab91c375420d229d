package dev.turnout.switching;

import dev.turnout.routing.ConfiguredTargets;
import dev.turnout.routing.NextSettings;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.function.Supplier;

/**
 * An order to bring a configuration into force.
 *
 * @param services the targets of all services
 * @param prepare makes the settings of the traffic ready; throws if that fails
 * @param inForce called once services and settings are in force
 * @param keys the keys that differ, for the journal
 * @param force whether new targets get traffic without a gate
 * @param note who asks, and what the caller says about it
 */
public record ReloadOrder(
        List<ConfiguredTargets> services,
        Supplier<NextSettings> prepare,
        Runnable inForce,
        JsonArray keys,
        boolean force,
        ChangeNote note) {

    public ReloadOrder {
        services = List.copyOf(services);
    }
}
