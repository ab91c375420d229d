package dev.turnout.switching;

import dev.turnout.health.Gate;
import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The gate as a step of a change: blocks until a slot is proved healthy, and refuses the change if it is not. */
final class Proof {

    private final Gate gate;
    private final Announcer announcer;

    Proof(Gate gate, Announcer announcer) {
        this.gate = gate;
        this.announcer = announcer;
    }

    /**
     * @param stopping ends the wait when it completes
     * @throws ChangeRefused if the slot is not healthy within the deadline, or Turnout is being stopped
     */
    GateReport of(Service service, Slot slot, Duration deadline, CompletableFuture<Void> stopping, Change change) {
        change.enter(Step.GATE);
        CompletableFuture<GateReport> proof = gate.prove(
                        service, slot, deadline, probe -> announcer.announce(Announcement.probe(change, probe)))
                .toCompletableFuture();
        CompletableFuture.anyOf(proof, stopping).join();
        if (!proof.isDone()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STOPPING,
                    "Turnout is being stopped while slot " + slot + " of service '" + service.name()
                            + "' was being probed: nothing has changed, slot " + service.active() + " is active.");
        }
        GateReport report = proof.join();
        if (!report.passed()) {
            throw ChangeRefused.unhealthy(
                    "Slot " + slot + " of service '" + service.name() + "' did not pass the gate. "
                            + report.explanation() + " Nothing has changed: slot " + service.active() + " serves.",
                    report);
        }
        return report;
    }
}
