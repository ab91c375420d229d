package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.health.ProbeResult;
import dev.turnout.health.TargetGate;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How many probes the JSON form of a gate has. The tally of all probes is always there. */
public enum GateDetail {
    /** The last {@value #FAILURES_SHOWN} probes that failed: for people, and for the journal. */
    FAILURES,
    /** The last {@value #LATEST_SHOWN} probes of each target. */
    LATEST,
    /** All probes that are kept. */
    ALL;

    private static final int FAILURES_SHOWN = 5;
    private static final int LATEST_SHOWN = 20;

    /** A probe and the target that it asked. */
    record Shown(Target target, ProbeResult result) {}

    /** Returns the probes of a gate, the oldest of each target first; failures by their time. */
    List<Shown> of(GateReport report) {
        List<Shown> shown = new ArrayList<>();
        for (TargetGate gate : report.targets()) {
            List<ProbeResult> probes = this == LATEST ? last(gate.probes(), LATEST_SHOWN) : gate.probes();
            probes.forEach(result -> shown.add(new Shown(gate.target(), result)));
        }
        if (this != FAILURES) {
            return shown;
        }
        shown.removeIf(probe -> probe.result().good());
        shown.sort(Comparator.comparing(probe -> probe.result().at()));
        return last(shown, FAILURES_SHOWN);
    }

    private static <T> List<T> last(List<T> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }
}
