package dev.turnout.switching;

import io.vertx.core.json.JsonObject;

/**
 * The report that an adjustment answers with.
 *
 * @param results of the steps
 * @param adjustment what was asked for
 */
public record AdjustmentReport(StepResults results, Adjustment adjustment) implements Report<AdjustmentReport> {

    @Override
    public AdjustmentReport with(StepResults next) {
        return new AdjustmentReport(next, adjustment);
    }

    @Override
    public JsonObject json(GateDetail detail) {
        return ReportJson.of(this, detail);
    }
}
