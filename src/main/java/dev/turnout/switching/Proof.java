package dev.turnout.switching;

import dev.turnout.health.Gate;
import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The gate as a step of a change: blocks until targets are proved healthy, and refuses the change if they are not. */
final class Proof {

    private final Gate gate;
    private final Announcer announcer;

    Proof(Gate gate, Announcer announcer) {
        this.gate = gate;
        this.announcer = announcer;
    }

    /**
     * @param place that the targets are, in words
     * @param stopping ends the wait when it completes
     * @throws ChangeRefused if the targets are not healthy within the deadline, or Turnout is being stopped
     */
    GateReport of(
            Service service,
            String place,
            List<Target> targets,
            Duration deadline,
            CompletableFuture<Void> stopping,
            Change change) {
        change.enter(Step.GATE);
        CompletableFuture<GateReport> proof = gate.prove(
                        service.name(),
                        targets,
                        deadline,
                        probe -> announcer.announce(Announcement.probe(change, probe)))
                .toCompletableFuture();
        CompletableFuture.anyOf(proof, stopping).join();
        if (!proof.isDone()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STOPPING,
                    "Turnout is being stopped while " + place + " of service '" + service.name()
                            + "' was being probed: nothing has changed, slot " + service.active() + " is active.");
        }
        GateReport report = proof.join();
        if (!report.passed()) {
            throw ChangeRefused.unhealthy(
                    "The gate was not passed by " + place + " of service '" + service.name() + "'. "
                            + report.explanation() + " Nothing has changed: slot " + service.active() + " serves.",
                    report);
        }
        return report;
    }
}
