package dev.turnout.switching;

import dev.turnout.routing.InFlight;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The report that a pause, or the end of a pause, answers with.
 *
 * @param results of the steps
 * @param held how many requests wait
 * @param inFlight what the targets of both slots still have
 * @param drained whether what was in flight has ended; empty if nobody waited for the end
 */
public record PauseReport(StepResults results, long held, InFlight inFlight, Optional<Boolean> drained)
        implements Report<PauseReport> {

    @Override
    public PauseReport with(StepResults next) {
        return new PauseReport(next, held, inFlight, drained);
    }

    @Override
    public JsonObject json(GateDetail detail) {
        return ReportJson.of(this);
    }
}
