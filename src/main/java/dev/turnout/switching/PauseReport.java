package dev.turnout.switching;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The report that a pause, or the end of one, answers with.
 *
 * @param changed whether anything is different from before
 * @param now the state in force
 * @param held how many requests wait
 * @param inFlight what the targets of both slots still have
 * @param startedAt when it took the lock
 * @param drained whether what was in flight has ended; empty if that was not waited for
 * @param warnings sentences for the operator
 */
public record PauseReport(
        boolean changed,
        Service now,
        long held,
        InFlight inFlight,
        Instant startedAt,
        Optional<Boolean> drained,
        List<String> warnings) {

    public PauseReport {
        warnings = List.copyOf(warnings);
    }

    PauseReport warned(Optional<String> warning) {
        if (warning.isEmpty()) {
            return this;
        }
        List<String> more = new ArrayList<>(warnings);
        more.add(warning.get());
        return new PauseReport(changed, now, held, inFlight, startedAt, drained, more);
    }
}
