package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import dev.turnout.text.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Changes which targets share the traffic, in the order of a switch: lock, gate, warm-up, persist, publish, drain,
 * report. Only targets that gain traffic have to pass the gate, and only targets that are left are drained.
 */
public final class Adjuster {

    private static final int NAMED = 8;

    private final ChangeSteps steps;
    private final Changes changes;
    private final CurrentState current;

    Adjuster(ChangeSteps steps, Changes changes, CurrentState current) {
        this.steps = steps;
        this.changes = changes;
        this.current = current;
    }

    /**
     * Begins an adjustment and returns at once. Any thread.
     *
     * @return completes with the report, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<AdjustmentReport> begin(AdjustmentOrder order) {
        steps.service(order.service());
        return changes.begin(
                order.service(), order.describe(), order.note(), (change, early) -> perform(order, change, early));
    }

    private AdjustmentReport perform(AdjustmentOrder order, Change change, Consumer<AdjustmentReport> early) {
        Service before = steps.before(order);
        Adjustment adjustment = order.adjustment();
        Optional<Service> planned = steps.plan(before, adjustment.command(), change);
        if (planned.isEmpty()) {
            return unchanged(before, order, change);
        }
        steps.refuseObjection(planned.get());
        String place = adjustment.place(before);
        List<Target> gaining = order.force() ? List.of() : adjustment.gaining(before, planned.get());
        Optional<GateReport> gate =
                gaining.isEmpty() ? Optional.empty() : Optional.of(steps.gate(before, place, gaining, change));
        if (order.dryRun()) {
            return tried(planned.get(), gate, order, StepResults.begun(before, change));
        }
        Optional<WarmUpOutcome> warmUp = gate.map(passed -> steps.warmUp(before, place, gaining, change));
        Service next = released(
                before, steps.plan(before, adjustment.command(), change).orElseThrow(), order, change);
        List<String> warnings = steps.commit(next, order.force(), change);
        StepResults results = StepResults.begun(before, change)
                .gated(gate)
                .warmed(warmUp)
                .inForce(next, true)
                .warned(warnings(before, next, order, warmUp))
                .warned(warnings);
        List<Target> left = adjustment.left(before, next);
        if (left.isEmpty()) {
            return steps.recorder().changed(change, new AdjustmentReport(results.finished(steps.now()), adjustment));
        }
        AdjustmentReport report = steps.recorder().changed(change, new AdjustmentReport(results, adjustment));
        if (order.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(report);
        }
        Drain.Subject subject = adjustment.isUnattended()
                ? new BackgroundDrain(current, changes, change, left)
                : Drain.Subject.of(left);
        return steps.drain(report, adjustment.place(next), subject, change);
    }

    /** Ends a dry run. */
    private AdjustmentReport tried(
            Service planned, Optional<GateReport> gate, AdjustmentOrder order, StepResults results) {
        Service before = results.now();
        List<String> said = new ArrayList<>();
        said.add("Dry run: nothing has changed.");
        List<Target> gaining = order.adjustment().gaining(before, planned);
        if (!gaining.isEmpty()) {
            said.add("Requests would go to " + names(gaining) + ", "
                    + (gate.isPresent()
                            ? "which passed the gate just now."
                            : "without asking the gate, as it is forced."));
        }
        List<Target> left = order.adjustment().left(before, planned);
        if (!left.isEmpty()) {
            said.add("No new requests would go to " + names(left) + ", drained then.");
        }
        return new AdjustmentReport(
                results.gated(gate).finished(steps.now()).warned(said), order.adjustment(), Optional.of(planned));
    }

    private static String names(List<Target> targets) {
        return Counted.some(targets.stream().map(Target::toString).toList(), NAMED);
    }

    /** Returns the next state with the release of the slot that gets traffic, if a slot does. */
    private Service released(Service before, Service next, AdjustmentOrder order, Change change) {
        Optional<Slot> slot = order.adjustment().deployedTo(before);
        boolean isSame = before.canary().isPresent() || slot.equals(Optional.of(before.active()));
        return slot.map(place -> steps.withRelease(next, place, isSame, change)).orElse(next);
    }

    private static List<String> warnings(
            Service before, Service next, AdjustmentOrder order, Optional<WarmUpOutcome> warmUp) {
        List<String> warnings = new ArrayList<>();
        if (order.force() && !order.adjustment().gaining(before, next).isEmpty()) {
            warnings.add(
                    "Forced: " + order.adjustment().place(before) + " was not proved healthy before it got traffic.");
        }
        if (next.pool(next.active()).inRotation().isEmpty()) {
            warnings.add("No target of the active slot " + next.active() + " is in rotation: its clients get errors.");
        }
        warmUp.ifPresent(outcome -> warnings.addAll(outcome.warnings()));
        order.adjustment()
                .deployedTo(before)
                .flatMap(slot -> SlotVersions.warning(next))
                .map(Warning::english)
                .ifPresent(warnings::add);
        return warnings;
    }

    private AdjustmentReport unchanged(Service now, AdjustmentOrder order, Change change) {
        String said = !order.dryRun() && steps.putRight(now, order.force(), change)
                ? "It was so already; what somebody else had changed was overwritten, so that the traffic follows."
                : "Nothing was done: it was so already.";
        Adjustment adjustment = order.adjustment();
        AdjustmentReport report = new AdjustmentReport(
                StepResults.begun(now, change).finished(steps.now()).warned(Optional.of(said)),
                adjustment,
                Optional.of(now).filter(same -> order.dryRun()));
        List<Target> left = adjustment.left(now, now);
        return left.isEmpty() ? report : steps.ended(report, adjustment.place(now), steps.look(now, left));
    }
}
