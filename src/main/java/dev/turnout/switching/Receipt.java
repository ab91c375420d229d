package dev.turnout.switching;

import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * The report that a switch answers with.
 *
 * @param results of the steps; changed if another slot serves than before
 * @param dryRun whether only the gate was asked
 * @param from the slot that served before
 * @param to the slot that serves now; in a dry run the slot that would serve
 * @param switchedAt when new requests went to the new slot, if only for a while; empty if they never did
 * @param rehearsal what copies of requests had said of the new slot; empty if the switch took none
 * @param watch what the new slot made of the traffic; empty if the slot was not watched, or the watch has not ended
 */
public record Receipt(
        StepResults results,
        boolean dryRun,
        Slot from,
        Slot to,
        Optional<Instant> switchedAt,
        Optional<RehearsalReport> rehearsal,
        Optional<WatchReport> watch)
        implements Report<Receipt> {

    /** Returns the receipt of a switch that was not made. */
    static Receipt unchanged(StepResults results) {
        Slot active = results.now().active();
        return new Receipt(results, false, active, active, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns the receipt of a dry run, whose switch would make a slot serve. */
    static Receipt tried(StepResults results, Slot to) {
        return new Receipt(
                results, true, results.now().active(), to, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns the receipt of a switch that has just been made. */
    static Receipt switched(StepResults results, Instant at) {
        Service now = results.now();
        return new Receipt(
                results, false, now.idle(), now.active(), Optional.of(at), Optional.empty(), Optional.empty());
    }

    /** Returns this receipt with what a rehearsal had said. */
    Receipt rehearsed(Optional<RehearsalReport> report) {
        return new Receipt(results, dryRun, from, to, switchedAt, report, watch);
    }

    /** Returns this receipt with the report of the watch, after which the new slot goes on serving. */
    Receipt watched(WatchReport report) {
        return new Receipt(results, dryRun, from, to, switchedAt, rehearsal, Optional.of(report));
    }

    /**
     * Returns this receipt with the report of the watch, after which the old slot serves again.
     *
     * @param back the service in which the old slot is the active one
     */
    Receipt flippedBack(WatchReport report, Service back) {
        return new Receipt(
                results.inForce(back, false), dryRun, from, from, switchedAt, rehearsal, Optional.of(report.back()));
    }

    @Override
    public Receipt with(StepResults next) {
        return new Receipt(next, dryRun, from, to, switchedAt, rehearsal, watch);
    }

    @Override
    public JsonObject json(GateDetail detail) {
        return ReportJson.of(this, detail);
    }
}
