package dev.turnout.switching;

import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The report that an adjustment answers with.
 *
 * @param results of the steps
 * @param adjustment what was asked for
 * @param tried the service as a dry run would have made it; empty unless it was a dry run
 */
public record AdjustmentReport(StepResults results, Adjustment adjustment, Optional<Service> tried)
        implements Report<AdjustmentReport> {

    AdjustmentReport(StepResults results, Adjustment adjustment) {
        this(results, adjustment, Optional.empty());
    }

    @Override
    public AdjustmentReport with(StepResults next) {
        return new AdjustmentReport(next, adjustment, tried);
    }

    @Override
    public JsonObject json(GateDetail detail) {
        return ReportJson.of(this, detail);
    }
}
