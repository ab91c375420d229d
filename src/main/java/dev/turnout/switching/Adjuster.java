package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import java.time.Clock;
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

    private final CurrentState current;
    private final RoutingWarnings routing;
    private final Changes changes;
    private final Planner planner;
    private final GateStep proof;
    private final WarmUpStep warming;
    private final Commit commit;
    private final Drain drain;
    private final ChangeRecorder chronicle;
    private final Clock clock;

    Adjuster(
            CurrentState current,
            RoutingWarnings routing,
            Changes changes,
            Planner planner,
            GateStep proof,
            WarmUpStep warming,
            Commit commit,
            Drain drain,
            ChangeRecorder chronicle,
            Clock clock) {
        this.current = current;
        this.routing = routing;
        this.changes = changes;
        this.planner = planner;
        this.proof = proof;
        this.warming = warming;
        this.commit = commit;
        this.drain = drain;
        this.chronicle = chronicle;
        this.clock = clock;
    }

    /**
     * Begins an adjustment; any thread, returns at once.
     *
     * @return completes with the report, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<AdjustmentReport> begin(AdjustmentOrder order) {
        current.service(order.service());
        String what = order.adjustment().describe() + (order.force() ? ", forced" : "");
        return changes.begin(order.service(), what, order.who(), (change, early) -> perform(order, change, early));
    }

    private AdjustmentReport perform(AdjustmentOrder order, Change change, Consumer<AdjustmentReport> early) {
        Service before = current.service(order.service());
        order.expectation().check(before);
        Adjustment adjustment = order.adjustment();
        Optional<Service> planned = planner.next(before, adjustment.command(), change);
        if (planned.isEmpty()) {
            return unchanged(before, order, change);
        }
        commit.refuseObjection(planned.get());
        List<Target> gaining = order.force() ? List.of() : adjustment.gaining(before);
        Optional<GateReport> gate = gaining.isEmpty()
                ? Optional.empty()
                : Optional.of(proof.of(before, adjustment.place(before), gaining, change));
        Optional<WarmUpOutcome> warmth =
                gate.map(passed -> warming.of(before, adjustment.place(before), gaining, change));
        Service next = planner.next(before, adjustment.command(), change).orElseThrow();
        commit.enforce(next, order.force(), change);
        AdjustmentReport report = new AdjustmentReport(
                adjustment,
                true,
                next,
                change.since(),
                Optional.empty(),
                gate,
                warmth,
                Optional.empty(),
                warnings(before, next, order, warmth));
        List<Target> left = adjustment.left(next);
        if (left.isEmpty()) {
            AdjustmentReport ended = report.finished(clock.instant());
            return ended.warned(chronicle.changed(change, next, AdjustmentJson.of(ended), ended.warnings()));
        }
        report = report.warned(chronicle.changed(change, next, AdjustmentJson.of(report), report.warnings()));
        if (order.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(report);
        }
        return drained(report, left, change);
    }

    private List<String> warnings(Service before, Service next, AdjustmentOrder order, Optional<WarmUpOutcome> warmth) {
        List<String> warnings = new ArrayList<>();
        if (order.force() && !order.adjustment().gaining(before).isEmpty()) {
            warnings.add(
                    "Forced: " + order.adjustment().place(before) + " was not proved healthy before it got traffic.");
        }
        if (next.pool(next.active()).inRotation().isEmpty()) {
            warnings.add("No target of the active slot " + next.active() + " is in rotation: its clients get errors.");
        }
        warmth.ifPresent(done -> warnings.addAll(done.warnings()));
        warnings.addAll(routing.warnings(next.name()));
        return warnings;
    }

    private AdjustmentReport drained(AdjustmentReport report, List<Target> left, Change change) {
        change.enter(Step.DRAIN);
        DrainReport drained = drain.await(report.now().name(), left);
        AdjustmentReport ended = report.finished(clock.instant()).drained(drained);
        return ended.warned(chronicle.drained(
                change,
                ended.adjustment().place(ended.now()),
                drained,
                ended.now().revision(),
                AdjustmentJson.of(ended)));
    }

    private AdjustmentReport unchanged(Service now, AdjustmentOrder order, Change change) {
        String said = "Nothing was done: it was so already.";
        if (routing.drift().isPresent()) {
            commit.enforce(now, order.force(), change);
            said = "It was so already; what somebody else had changed was overwritten, so that the traffic follows.";
        }
        AdjustmentReport report = new AdjustmentReport(
                order.adjustment(),
                false,
                now,
                change.since(),
                Optional.of(clock.instant()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(said));
        List<Target> left = order.adjustment().left(now);
        return left.isEmpty() ? report : report.drained(drain.look(now.name(), left));
    }
}
