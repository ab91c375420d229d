package dev.turnout.switching;

import io.vertx.core.json.JsonObject;

/**
 * The report that a maintenance, or the end of a maintenance, answers with.
 *
 * @param results of the steps
 */
public record MaintenanceReport(StepResults results) implements Report<MaintenanceReport> {

    @Override
    public MaintenanceReport with(StepResults next) {
        return new MaintenanceReport(next);
    }

    @Override
    public JsonObject json(GateDetail detail) {
        return ReportJson.of(this);
    }
}
