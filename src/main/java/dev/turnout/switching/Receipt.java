package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Slot;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The report that a switch answers with.
 *
 * @param service whose
 * @param changed whether another slot serves than before
 * @param dryRun whether only the gate was asked
 * @param from the slot that served before
 * @param to the slot that serves now; in a dry run the one that would
 * @param revision of the state in force now
 * @param startedAt when the switch took the lock
 * @param switchedAt when new requests went to the new slot, if only for a while; empty if they never did
 * @param finishedAt when the old slot was drained; empty if it is not yet
 * @param gate what the gate saw; empty if it was skipped
 * @param warmth what was done to the new slot before it got traffic; empty if nothing
 * @param watch what the new slot made of the traffic; empty if that was not watched, or is not known yet
 * @param drain what became of the requests at the old slot; empty if that is not known yet
 * @param warnings sentences for the operator
 */
public record Receipt(
        String service,
        boolean changed,
        boolean dryRun,
        Slot from,
        Slot to,
        long revision,
        Instant startedAt,
        Optional<Instant> switchedAt,
        Optional<Instant> finishedAt,
        Optional<GateReport> gate,
        Optional<WarmUpOutcome> warmth,
        Optional<WatchReport> watch,
        Optional<DrainReport> drain,
        List<String> warnings) {

    public Receipt {
        warnings = List.copyOf(warnings);
    }

    /** @param left the slot that was drained */
    Receipt finished(Instant now, Slot left, DrainReport report) {
        return with(changed, to, revision, Optional.of(now), watch, Optional.of(report), warnings)
                .warned(report.doubt("slot " + left));
    }

    Receipt watched(WatchReport report) {
        return with(changed, to, revision, finishedAt, Optional.of(report), drain, warnings);
    }

    /** @param newRevision of the state in which the slot serves that served before */
    Receipt flippedBack(WatchReport report, long newRevision) {
        return with(false, from, newRevision, finishedAt, Optional.of(report.back()), drain, warnings);
    }

    Receipt warned(Optional<String> warning) {
        if (warning.isEmpty() || warnings.contains(warning.get())) {
            return this;
        }
        List<String> more = new ArrayList<>(warnings);
        more.add(warning.get());
        return with(changed, to, revision, finishedAt, watch, drain, more);
    }

    /** This receipt with what becomes known, or becomes otherwise, after the flip. */
    private Receipt with(
            boolean isChanged,
            Slot serving,
            long newRevision,
            Optional<Instant> end,
            Optional<WatchReport> watchReport,
            Optional<DrainReport> drainReport,
            List<String> said) {
        return new Receipt(
                service,
                isChanged,
                dryRun,
                from,
                serving,
                newRevision,
                startedAt,
                switchedAt,
                end,
                gate,
                warmth,
                watchReport,
                drainReport,
                said);
    }
}
