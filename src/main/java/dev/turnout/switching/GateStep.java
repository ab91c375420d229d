package dev.turnout.switching;

import dev.turnout.health.Gate;
import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetStatus;
import java.util.List;

/** The gate as a step of a change. A change whose targets are not proved healthy is refused. */
final class GateStep {

    private final Gate gate;
    private final TargetStatus status;
    private final Changes changes;
    private final Announcer announcer;
    private final SwitchTimes times;

    GateStep(Gate gate, TargetStatus status, Changes changes, Announcer announcer, SwitchTimes times) {
        this.gate = gate;
        this.status = status;
        this.changes = changes;
        this.announcer = announcer;
        this.times = times;
    }

    /**
     * Blocks until targets are proved healthy.
     *
     * @param place where the targets are, in words
     * @throws ChangeRefused if the targets are not healthy within the deadline, or Turnout is being stopped
     */
    GateReport of(Service service, String place, List<Target> targets, Change change) {
        change.enter(Step.GATE);
        GateReport report = changes.await(
                gate.prove(
                                service.name(),
                                targets,
                                times.gate(service.name()),
                                probe -> announcer.announce(ChangeEvent.probe(change, probe)),
                                changes.givenUp(change))
                        .thenApply(ended -> {
                            change.saw(ended);
                            return ended;
                        }),
                place + " of service '" + service.name() + "' was being probed",
                service,
                change);
        if (!report.passed()) {
            throw ChangeRefused.unhealthy(
                            "The gate was not passed by " + place + " of service '" + service.name() + "'. "
                                    + report.explanation() + " Nothing has changed: slot " + service.active()
                                    + " serves.",
                            report)
                    .with("what", change.what())
                    .with(
                            "slot",
                            service.slotOf(targets.get(0)).map(Slot::toString).orElse(""));
        }
        status.proved(service.name(), targets);
        return report;
    }
}
