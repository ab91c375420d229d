package dev.turnout.health;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a gate.
 *
 * @param passed whether every target was healthy at the same time
 * @param tookMillis from its beginning to its end
 * @param targets all targets of the gate, in the order of the configuration
 * @param terms what the gate asked
 */
public record GateReport(boolean passed, long tookMillis, List<TargetGate> targets, Terms terms) {

    /**
     * What a gate asks of targets.
     *
     * @param path requested with GET
     * @param statuses that are good, as in the configuration
     * @param rise how many good probes in a row a target needs
     * @param deadline how long the targets may take
     */
    public record Terms(String path, String statuses, int rise, Duration deadline) {}

    public GateReport {
        targets = List.copyOf(targets);
    }

    /** Returns one sentence for the operator: what was seen, at which targets. */
    public String explanation() {
        if (passed) {
            return "Every target is healthy, after " + tookMillis + " ms: "
                    + targets.stream()
                            .map(target -> target.target() + " " + target.tally())
                            .collect(Collectors.joining("; "))
                    + ".";
        }
        return "Not healthy after " + tookMillis + " ms: "
                + targets.stream()
                        .filter(target -> !target.passed())
                        .map(GateReport::explain)
                        .collect(Collectors.joining("; "))
                + ".";
    }

    private static String explain(TargetGate target) {
        if (target.last().isEmpty()) {
            return target.target() + " was not probed to an end";
        }
        if (target.ended().isPresent()) {
            return target.ended().get() + ", and nothing listens there; " + target.target() + " " + target.tally();
        }
        ProbeResult last = target.last().get();
        String answer =
                last.status() == 0 ? "" : ", with the body '" + last.body().strip() + "'";
        return target.target() + " " + target.tally() + "; its last probe, with Host " + last.host() + ", took "
                + last.latencyMillis() + " ms and ended in " + last.cause() + answer;
    }
}
