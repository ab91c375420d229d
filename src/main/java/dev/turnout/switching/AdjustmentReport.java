package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The report that an adjustment answers with.
 *
 * @param adjustment what was asked for
 * @param changed whether anything is different from before
 * @param now the state in force
 * @param startedAt when it took the lock
 * @param finishedAt when nothing was left to be done; empty if a drain goes on
 * @param gate what the gate saw; empty if there was nothing to prove, or it was skipped
 * @param warmth what was done to the targets that gain traffic before they got it; empty if nothing
 * @param drain what became of the requests at the targets that were left; empty if there are none, or if it goes on
 * @param warnings sentences for the operator
 */
public record AdjustmentReport(
        Adjustment adjustment,
        boolean changed,
        Service now,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<GateReport> gate,
        Optional<WarmUpOutcome> warmth,
        Optional<DrainReport> drain,
        List<String> warnings) {

    public AdjustmentReport {
        warnings = List.copyOf(warnings);
    }

    AdjustmentReport finished(Instant at) {
        return new AdjustmentReport(
                adjustment, changed, now, startedAt, Optional.of(at), gate, warmth, drain, warnings);
    }

    AdjustmentReport drained(DrainReport report) {
        return new AdjustmentReport(
                        adjustment, changed, now, startedAt, finishedAt, gate, warmth, Optional.of(report), warnings)
                .warned(report.doubt(adjustment.place(now)));
    }

    AdjustmentReport warned(Optional<String> warning) {
        if (warning.isEmpty() || warnings.contains(warning.get())) {
            return this;
        }
        List<String> more = new ArrayList<>(warnings);
        more.add(warning.get());
        return new AdjustmentReport(adjustment, changed, now, startedAt, finishedAt, gate, warmth, drain, more);
    }
}
