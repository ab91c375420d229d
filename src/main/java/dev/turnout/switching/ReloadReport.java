package dev.turnout.switching;

import dev.turnout.routing.TargetChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The result of a reload.
 *
 * @param services the services whose targets have changed
 * @param drains what became of the requests at targets that were left, by service
 * @param warnings sentences for the operator
 */
public record ReloadReport(
        Instant startedAt,
        Instant finishedAt,
        List<TargetChange> services,
        Map<String, DrainReport> drains,
        List<String> warnings) {

    public ReloadReport {
        services = List.copyOf(services);
        drains = Map.copyOf(drains);
        warnings = List.copyOf(warnings);
    }
}
