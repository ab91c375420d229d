package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a switch does with one service before its commit and after it. It is the same whether the service changes alone or
 * together with others. Every method may block.
 */
final class SwitchParts {

    private final ChangeSteps steps;
    private final TrafficHistory history;
    private final ContainerFollower containers;
    private final SharedProcessCheck sharedProcess = new SharedProcessCheck();

    SwitchParts(ChangeSteps steps, TrafficHistory history, ContainerFollower containers) {
        this.containers = containers;
        this.steps = steps;
        this.history = history;
    }

    /**
     * A slot that may serve.
     *
     * @param to the slot
     * @param gate what the gate has seen; empty if the switch is forced
     * @param rehearsal what copies of requests say; empty if the switch takes none
     * @param shared a warning of {@link SharedProcessCheck}
     */
    record Proved(
            Service before,
            Slot to,
            Optional<GateReport> gate,
            Optional<RehearsalReport> rehearsal,
            Optional<String> shared) {

        private List<Target> targets() {
            return before.pool(to).targets();
        }
    }

    /** A service that may be committed. */
    record Ready(Proved proved, Optional<WarmUpOutcome> warmUp, Service next) {}

    /**
     * Proves the slot that is to serve. Changes nothing.
     *
     * @return empty if the slot serves already
     * @throws ChangeRefused if the switch is not legal now, or the slot is not fit for traffic
     */
    Optional<Proved> prove(SwitchOrder order, Change change) {
        Service before = steps.before(order);
        Optional<Service> planned = plan(order, before, change);
        if (planned.isEmpty()) {
            return Optional.empty();
        }
        Slot to = planned.get().active();
        List<Target> targets = before.pool(to).targets();
        Optional<GateReport> gate =
                order.force() ? Optional.empty() : Optional.of(steps.gate(before, place(to), targets, change));
        Optional<String> shared = gate.flatMap(passed -> sharedProcess.of(before));
        Optional<RehearsalReport> rehearsal =
                order.force() || order.destination().isSameBuild() ? Optional.empty() : steps.rehearsal(before, change);
        return Optional.of(new Proved(before, to, gate, rehearsal, shared));
    }

    private Optional<Service> plan(SwitchOrder order, Service before, Change change) {
        Command command = order.destination().from(before);
        return steps.plan(before, command, change);
    }

    /** Warms up a slot that has passed the gate. */
    Ready warmUp(SwitchOrder order, Proved proved, Change change) {
        Service before = proved.before();
        Optional<WarmUpOutcome> warmUp =
                proved.gate().map(passed -> steps.warmUp(before, place(proved.to()), proved.targets(), change));
        Service next = steps.withRelease(
                plan(order, before, change).orElseThrow(),
                proved.to(),
                order.destination().isSameBuild(),
                change);
        return new Ready(proved, warmUp, next);
    }

    /** Records a commit that has just been made, and returns the receipt so far. */
    Receipt switched(Ready ready, List<String> warnings, Change change) {
        Proved proved = ready.proved();
        Service next = ready.next();
        history.beginAnew(next);
        StepResults results = StepResults.begun(proved.before(), change)
                .gated(proved.gate())
                .warmed(ready.warmUp())
                .inForce(next, true)
                .inFleet(steps.fleet(next))
                .warned(warnings(proved.to(), proved.gate(), ready.warmUp()))
                .warned(warnings)
                .warned(containers.missing(proved.before(), proved.to()))
                .warned(proved.shared())
                .warned(SlotVersions.warning(next).map(Warning::english));
        Receipt receipt = Receipt.switched(results, steps.now()).rehearsed(proved.rehearsal());
        return steps.recorder().switched(change, receipt);
    }

    private static List<String> warnings(Slot to, Optional<GateReport> gate, Optional<WarmUpOutcome> warmUp) {
        List<String> warnings = new ArrayList<>();
        if (gate.isEmpty()) {
            warnings.add("Forced: slot " + to + " was not proved healthy before it got the traffic.");
        }
        warmUp.ifPresent(outcome -> warnings.addAll(outcome.warnings()));
        return warnings;
    }

    /** Drains the slot from before, and ends the receipt. */
    Receipt drained(Receipt receipt, Change change) {
        Service now = receipt.now();
        return steps.drain(receipt, place(now.idle()), now.idleTargets(), change);
    }

    /**
     * Ends a switch to the active slot. The traffic is made to go to this slot, if somebody else has changed that. The receipt
     * has no drain if the other slot gets traffic.
     */
    Receipt unchanged(SwitchOrder order, Change change) {
        Service now = steps.service(order.service());
        boolean isPutRight = !order.dryRun() && steps.putRight(now, order.force(), change);
        String said = isPutRight
                ? "Slot " + now.active()
                        + " was the active one already; what somebody else had changed was overwritten, so"
                        + " that it serves."
                : "Slot " + now.active() + " served already: nothing was done.";
        StepResults results =
                StepResults.begun(now, change).finished(steps.now()).warned(Optional.of(said));
        return Receipt.unchanged(
                now.hasTraffic(now.idle())
                        ? results.warned(Optional.of("Slot " + now.idle() + " is not drained: the canary sends "
                                + now.canaryWeight() + " % of the clients to it."))
                        : results.drained(steps.look(now, now.idleTargets())));
    }

    /** Ends a dry run. */
    Receipt tried(Proved proved, Change change) {
        StepResults results = StepResults.begun(proved.before(), change).gated(proved.gate());
        String would = "Dry run: nothing has changed, slot " + results.now().active()
                + " serves. The switch would make slot " + proved.to() + " serve"
                + (results.gate().isPresent()
                        ? ", which has just passed the gate."
                        : ", without asking the gate, as it is forced.");
        return Receipt.tried(results.finished(steps.now()).warned(Optional.of(would)), proved.to())
                .rehearsed(proved.rehearsal())
                .warned(containers.missing(proved.before(), proved.to()))
                .warned(proved.shared());
    }

    static String place(Slot slot) {
        return "slot " + slot;
    }
}
