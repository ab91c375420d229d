package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The report that a change answers with: the results of its steps, and what only its kind of change tells.
 *
 * @param <R> the kind of report
 */
public sealed interface Report<R extends Report<R>> permits Receipt, AdjustmentReport, PauseReport, MaintenanceReport {

    /** Returns what the steps of the change have come to. */
    StepResults results();

    /** Returns this report with other results. */
    R with(StepResults results);

    /** Returns the JSON form, with probes of the gate as far as the detail says. */
    JsonObject json(GateDetail detail);

    /** Returns this report with a warning, if there is one. */
    default R warned(Optional<String> warning) {
        return with(results().warned(warning));
    }

    default boolean changed() {
        return results().changed();
    }

    /** Returns the service as it is in force. */
    default Service now() {
        return results().now();
    }

    /** Returns the service's name. */
    default String service() {
        return now().name();
    }

    /** Returns the revision of the service as it is in force. */
    default long revision() {
        return now().revision();
    }

    default Instant startedAt() {
        return results().startedAt();
    }

    default Optional<Instant> finishedAt() {
        return results().finishedAt();
    }

    default Optional<GateReport> gate() {
        return results().gate();
    }

    default Optional<WarmUpOutcome> warmUp() {
        return results().warmUp();
    }

    default Optional<DrainReport> drain() {
        return results().drain();
    }

    default List<String> warnings() {
        return results().warnings();
    }
}
