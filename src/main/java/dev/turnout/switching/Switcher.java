package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.switching.WatchStep.Watch;
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
    private final SwitchParts parts;
    private final WatchStep watchStep;
    private final SlotHealth health;

    Switcher(ChangeSteps steps, Changes changes, SwitchParts parts, WatchStep watchStep, SlotHealth health) {
        this.steps = steps;
        this.changes = changes;
        this.parts = parts;
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
        String what = order.describe();
        Changes.Work<Receipt> work = (change, early) -> perform(order, change, early);
        return order.destination() instanceof Destination.SlotBefore && !order.dryRun()
                ? changes.interpose(order.service(), what, order.note(), work)
                : changes.begin(order.service(), what, order.note(), work);
    }

    private Receipt perform(SwitchOrder order, Change change, Consumer<Receipt> early) {
        Service before = steps.before(order);
        order.watch().ifPresent(time -> watchStep.refuseBlind(before));
        Optional<SwitchParts.Proved> found = parts.prove(order, change);
        if (found.isEmpty()) {
            return parts.unchanged(order, change);
        }
        SwitchParts.Proved proved = found.get();
        if (order.dryRun()) {
            return parts.tried(proved, change);
        }
        SwitchParts.Ready ready = parts.warmUp(order, proved, change);
        Optional<Watch> watch = order.watch().map(time -> watchStep.begin(before, proved.to()));
        List<String> warnings = steps.commit(ready.next(), order.force(), change);
        Receipt receipt = parts.switched(ready, warnings, change);
        if (order.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(receipt.warned(
                    watch.map(begun -> "The watch goes on: GET /admin/history will tell what it comes to.")));
        }
        if (watch.isPresent()) {
            WatchReport report = changes.lookOn(
                    change,
                    () -> {
                        // Not before the lock is lent: who sees this step may interpose a rollback.
                        change.enter(Step.WATCH);
                        return watch.get().keep(order.watch().orElseThrow(), progress -> steps.recorder()
                                .progress(ChangeEvent.watch(change, progress)));
                    },
                    Switcher::recalling);
            if (!watch.get().isServing()) {
                return takenBack(receipt, report, change);
            }
            if (report.verdict() == WatchVerdict.WORSE) {
                return flippedBack(before, ready.next(), receipt, report, change);
            }
            steps.recorder().watched(change, report);
            receipt = receipt.watched(report);
        }
        return parts.drained(receipt, change);
    }

    /** A rollback waits for all targets of the old slot. A watch that switches back needs one, so it does not wait for that. */
    private static Optional<ChangeNote> recalling(WatchReport report) {
        return report.verdict() == WatchVerdict.WORSE
                ? Optional.of(ChangeNote.of(
                        "the watch, which has found slot " + report.to() + " worse and switches back by itself"))
                : Optional.empty();
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
            steps.commitBack(back, change);
        } catch (ChangeRefused refused) {
            return stayed(receipt, report, refused.getMessage(), change);
        }
        Receipt returned = receipt.flippedBack(report, back);
        return parts.drained(steps.recorder().flippedBack(change, report, returned), change);
    }

    /** Ends a switch that a rollback has taken back. The rollback has drained the new slot. */
    private Receipt takenBack(Receipt receipt, WatchReport report, Change change) {
        Service now = steps.service(receipt.service());
        Receipt returned = steps.ended(
                receipt.flippedBack(report, now), SwitchParts.place(now.idle()), steps.look(now, now.idleTargets()));
        return steps.recorder().takenBack(change, returned);
    }

    /** Ends a switch whose slot is worse, but stays active. The old slot is not drained, since it may be the better one. */
    private Receipt stayed(Receipt receipt, WatchReport report, String why, Change change) {
        Receipt stayed = receipt.watched(report)
                .warned(Optional.of("Slot " + report.to() + " is worse than slot " + report.from()
                        + ", but it stays active, because the way back is barred: " + why));
        return steps.recorder().stayed(change, stayed);
    }
}
