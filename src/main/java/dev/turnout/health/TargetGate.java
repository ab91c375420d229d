package dev.turnout.health;

import dev.turnout.routing.Target;
import java.util.List;
import java.util.Optional;

/**
 * The result of a gate for one target.
 *
 * @param passed whether as many probes in a row were good as the gate needs
 * @param good how many of the last probes were good, in a row
 * @param count how many probes have ended
 * @param last the last probe; empty if no probe ended in time
 * @param tally all probes in short: {@code refused 14x, then 503 3x}
 * @param probes the last {@value Gate#PROBES_KEPT}, the oldest first
 * @param ended half a sentence that the target's process has ended; empty if that is not known
 */
public record TargetGate(
        Target target,
        boolean passed,
        int good,
        int count,
        Optional<ProbeResult> last,
        String tally,
        List<ProbeResult> probes,
        Optional<String> ended) {

    public TargetGate {
        probes = List.copyOf(probes);
    }
}
