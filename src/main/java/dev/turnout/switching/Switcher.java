package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import dev.turnout.switching.WatchStep.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The switch: the health-gated, atomic change of the active slot of a service, and the way back.
 *
 * <p>Lock, gate, warm-up, persist, publish, watch, drain, receipt, in this order. Up to the publish nothing has changed
 * and everything can be refused. From there on the switch has happened, and what goes wrong is a warning in the
 * receipt. Only a watch, or a rollback during a watch, may take the switch back.
 */
public final class Switcher {

    private final ChangeSteps steps;
    private final Changes changes;
    private final TrafficHistory history;
    private final WatchStep watchStep;
    private final SlotHealth health;
    private final SharedProcessCheck sharedProcess = new SharedProcessCheck();

    Switcher(ChangeSteps steps, Changes changes, TrafficHistory history, WatchStep watchStep, SlotHealth health) {
        this.steps = steps;
        this.changes = changes;
        this.history = history;
        this.watchStep = watchStep;
        this.health = health;
    }

    /**
     * Begins a switch and returns at once. Any thread.
     *
     * @return completes with the receipt, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<Receipt> begin(SwitchOrder order) {
        steps.service(order.service());
        String what = order.destination().describe()
                + (order.dryRun() ? ", dry run" : "")
                + (order.force() ? ", forced" : "")
                + order.watch()
                        .map(time -> ", watched for " + time.toSeconds() + " s")
                        .orElse("");
        Changes.Work<Receipt> work = (change, early) -> perform(order, change, early);
        return order.destination() instanceof Destination.SlotBefore
                ? changes.interpose(order.service(), what, order.note(), work)
                : changes.begin(order.service(), what, order.note(), work);
    }

    private Receipt perform(SwitchOrder order, Change change, Consumer<Receipt> early) {
        Service before = steps.before(order);
        order.watch().ifPresent(time -> watchStep.refuseBlind(before));
        Optional<Service> planned = steps.plan(before, order.destination().from(before), change);
        if (planned.isEmpty()) {
            return unchanged(before, order, change);
        }
        Slot to = planned.get().active();
        List<Target> targets = before.pool(to).targets();
        Optional<GateReport> gate =
                order.force() ? Optional.empty() : Optional.of(steps.gate(before, place(to), targets, change));
        Optional<String> shared = gate.flatMap(passed -> sharedProcess.of(before));
        Optional<RehearsalReport> rehearsal =
                order.force() || order.destination().isSameBuild() ? Optional.empty() : steps.rehearsal(before, change);
        if (order.dryRun()) {
            return tried(StepResults.begun(before, change).gated(gate), to)
                    .rehearsed(rehearsal)
                    .warned(shared);
        }
        Optional<WarmUpOutcome> warmUp = gate.map(passed -> steps.warmUp(before, place(to), targets, change));
        Service next = steps.withRelease(
                steps.plan(before, order.destination().from(before), change).orElseThrow(),
                to,
                order.destination().isSameBuild(),
                change);
        Optional<Watch> watch = order.watch().map(time -> watchStep.begin(before, to));
        List<String> warnings = steps.commit(next, order.force(), change);
        history.beginAnew(next);
        StepResults results = StepResults.begun(before, change)
                .gated(gate)
                .warmed(warmUp)
                .inForce(next, true)
                .inFleet(steps.fleet(next))
                .warned(warnings(to, gate, warmUp))
                .warned(warnings)
                .warned(shared)
                .warned(SlotVersions.warning(next).map(Warning::english));
        Receipt receipt = steps.recorder()
                .switched(change, Receipt.switched(results, steps.now()).rehearsed(rehearsal));
        if (order.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(receipt.warned(
                    watch.map(begun -> "The watch goes on: GET /admin/history will tell what it comes to.")));
        }
        if (watch.isPresent()) {
            WatchReport report = changes.lookOn(change, () -> {
                // Not before the lock is lent: who sees this step may interpose a rollback.
                change.enter(Step.WATCH);
                return watch.get().keep(order.watch().orElseThrow(), progress -> steps.recorder()
                        .progress(ChangeEvent.watch(change, progress)));
            });
            if (!watch.get().isServing()) {
                return takenBack(receipt, report, change);
            }
            if (report.verdict() == WatchVerdict.WORSE) {
                return flippedBack(before, next, receipt, report, change);
            }
            steps.recorder().watched(change, report);
            receipt = receipt.watched(report);
        }
        return drained(receipt, change);
    }

    /** Makes the old slot serve again, which has not been drained. The worse slot stays active if that is not possible. */
    private Receipt flippedBack(Service before, Service next, Receipt receipt, WatchReport report, Change change) {
        Service back = steps.plan(
                        next,
                        new Command.Rollback(),
                        "switched back: slot " + report.to() + " was worse, " + report.reason())
                .orElseThrow()
                .withTargetsOf(before);
        if (!health.serves(back, back.active())) {
            return stayed(receipt, report, "no target of slot " + back.active() + " is up", change);
        }
        try {
            steps.commit(back, false, change);
        } catch (ChangeRefused refused) {
            return stayed(receipt, report, refused.getMessage(), change);
        }
        Receipt returned = receipt.flippedBack(report, back);
        return drained(steps.recorder().flippedBack(change, report, returned), change);
    }

    /** Ends a switch that a rollback has taken back. The rollback has drained the new slot. */
    private Receipt takenBack(Receipt receipt, WatchReport report, Change change) {
        Service now = steps.service(receipt.service());
        Receipt returned =
                steps.ended(receipt.flippedBack(report, now), place(now.idle()), steps.look(now, now.idleTargets()));
        return steps.recorder().takenBack(change, returned);
    }

    /** Ends a switch whose slot is worse, but stays active. The old slot is not drained, since it may be the better one. */
    private Receipt stayed(Receipt receipt, WatchReport report, String why, Change change) {
        Receipt stayed = receipt.watched(report)
                .warned(Optional.of("Slot " + report.to() + " is worse than slot " + report.from()
                        + ", but it stays active, because the way back is barred: " + why));
        return steps.recorder().stayed(change, stayed);
    }

    private static String place(Slot slot) {
        return "slot " + slot;
    }

    private static List<String> warnings(Slot to, Optional<GateReport> gate, Optional<WarmUpOutcome> warmUp) {
        List<String> warnings = new ArrayList<>();
        if (gate.isEmpty()) {
            warnings.add("Forced: slot " + to + " was not proved healthy before it got the traffic.");
        }
        warmUp.ifPresent(outcome -> warnings.addAll(outcome.warnings()));
        return warnings;
    }

    private Receipt drained(Receipt receipt, Change change) {
        Service now = receipt.now();
        return steps.drain(receipt, place(now.idle()), now.idleTargets(), change);
    }

    /** Ends a switch to the active slot. The traffic is made to go to this slot, if somebody else has changed that. */
    private Receipt unchanged(Service now, SwitchOrder order, Change change) {
        boolean isPutRight = !order.dryRun() && steps.putRight(now, order.force(), change);
        String said = isPutRight
                ? "Slot " + now.active()
                        + " was the active one already; what somebody else had changed was overwritten, so"
                        + " that it serves."
                : "Slot " + now.active() + " served already: nothing was done.";
        return Receipt.unchanged(StepResults.begun(now, change)
                .drained(steps.look(now, now.idleTargets()))
                .finished(steps.now())
                .warned(Optional.of(said)));
    }

    private Receipt tried(StepResults results, Slot to) {
        String would = "Dry run: nothing has changed, slot " + results.now().active()
                + " serves. The switch would make slot " + to + " serve"
                + (results.gate().isPresent()
                        ? ", which has just passed the gate."
                        : ", without asking the gate, as it is forced.");
        return Receipt.tried(results.finished(steps.now()).warned(Optional.of(would)), to);
    }
}
