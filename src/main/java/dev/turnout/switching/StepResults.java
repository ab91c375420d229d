package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of a change have come to so far.
 *
 * @param changed whether anything is different from before
 * @param now the service as it is in force
 * @param startedAt when the change took the lock
 * @param finishedAt when nothing was left to be done; empty while a drain goes on
 * @param gate what the gate saw; empty if the gate was skipped
 * @param warmUp what was done before the targets got traffic; empty if nothing was done
 * @param drain what became of the requests at the targets that were left; empty if that is not known, or no target was left
 * @param warnings sentences for the operator
 * @param fleet what the change has come to at the members of the fleet; empty without a fleet
 */
public record StepResults(
        boolean changed,
        Service now,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<GateReport> gate,
        Optional<WarmUpOutcome> warmUp,
        Optional<DrainReport> drain,
        List<String> warnings,
        Optional<FleetReport> fleet) {

    public StepResults {
        warnings = List.copyOf(warnings);
    }

    /** Returns the results of a change that has done nothing yet. */
    static StepResults begun(Service now, Change change) {
        return new StepResults(
                false,
                now,
                change.since(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    StepResults gated(Optional<GateReport> report) {
        return new StepResults(changed, now, startedAt, finishedAt, report, warmUp, drain, warnings, fleet);
    }

    StepResults warmed(Optional<WarmUpOutcome> outcome) {
        return new StepResults(changed, now, startedAt, finishedAt, gate, outcome, drain, warnings, fleet);
    }

    /** Returns these results with another service in force, which differs from the one before the change or not. */
    StepResults inForce(Service next, boolean isChanged) {
        return new StepResults(isChanged, next, startedAt, finishedAt, gate, warmUp, drain, warnings, fleet);
    }

    StepResults drained(DrainReport report) {
        return new StepResults(changed, now, startedAt, finishedAt, gate, warmUp, Optional.of(report), warnings, fleet);
    }

    StepResults finished(Instant at) {
        return new StepResults(changed, now, startedAt, Optional.of(at), gate, warmUp, drain, warnings, fleet);
    }

    /** Returns these results with what the change has come to at the members of the fleet. */
    StepResults inFleet(Optional<FleetReport> report) {
        return new StepResults(changed, now, startedAt, finishedAt, gate, warmUp, drain, warnings, report);
    }

    /** Returns these results with a warning, unless there is none or it stands among the warnings already. */
    StepResults warned(Optional<String> warning) {
        return warned(warning.stream().toList());
    }

    /** Returns these results with the warnings that do not stand among the warnings already. */
    StepResults warned(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        more.stream().filter(warning -> !warnings.contains(warning)).forEach(all::add);
        return new StepResults(changed, now, startedAt, finishedAt, gate, warmUp, drain, all, fleet);
    }
}
