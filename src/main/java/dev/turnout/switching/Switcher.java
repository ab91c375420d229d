package dev.turnout.switching;

import dev.turnout.health.GateReport;
import dev.turnout.routing.Command;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import dev.turnout.switching.WatchStep.Watch;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The switch: the health-gated, atomic change of the active slot of a service, and its way back.
 *
 * <p>Lock, gate, warm-up, persist, publish, watch, drain, receipt, in this order. Up to the publish nothing has changed
 * and everything can be refused; from there on the switch has happened, and what goes wrong is a warning in the
 * receipt. Only a watch, where one is asked for, may take it back, or a rollback that comes while it lasts.
 */
public final class Switcher {

    private final CurrentState current;
    private final RoutingWarnings routing;
    private final Changes changes;
    private final Planner planner;
    private final GateStep proof;
    private final WarmUpStep warming;
    private final Commit commit;
    private final TrafficHistory history;
    private final WatchStep watching;
    private final Drain drain;
    private final SlotHealth health;
    private final ChangeRecorder chronicle;
    private final Clock clock;
    private final SharedProcessCheck suspicion = new SharedProcessCheck();

    Switcher(
            CurrentState current,
            RoutingWarnings routing,
            Changes changes,
            Planner planner,
            GateStep proof,
            WarmUpStep warming,
            Commit commit,
            TrafficHistory history,
            WatchStep watching,
            Drain drain,
            SlotHealth health,
            ChangeRecorder chronicle,
            Clock clock) {
        this.current = current;
        this.routing = routing;
        this.changes = changes;
        this.planner = planner;
        this.proof = proof;
        this.warming = warming;
        this.commit = commit;
        this.history = history;
        this.watching = watching;
        this.drain = drain;
        this.health = health;
        this.chronicle = chronicle;
        this.clock = clock;
    }

    /**
     * Begins a switch; any thread, returns at once.
     *
     * @return completes with the receipt, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<Receipt> begin(SwitchOrder order) {
        current.service(order.service());
        String what = order.destination().describe()
                + (order.dryRun() ? ", dry run" : "")
                + (order.force() ? ", forced" : "")
                + order.watch()
                        .map(time -> ", watched for " + time.toSeconds() + " s")
                        .orElse("");
        Changes.Work<Receipt> work = (change, early) -> perform(order, change, early);
        return order.destination() instanceof Destination.SlotBefore
                ? changes.interpose(order.service(), what, order.who(), work)
                : changes.begin(order.service(), what, order.who(), work);
    }

    private Receipt perform(SwitchOrder order, Change change, Consumer<Receipt> early) {
        Service before = current.service(order.service());
        order.expectation().check(before);
        order.watch().ifPresent(time -> watching.refuseBlind(before));
        Optional<Service> planned = planner.next(before, order.destination().from(before), change);
        if (planned.isEmpty()) {
            if (routing.drift().isPresent() && !order.dryRun()) {
                return putRight(before, order, change);
            }
            return unchanged(before, change, "Slot " + before.active() + " served already: nothing was done.");
        }
        Slot to = planned.get().active();
        Optional<GateReport> gate = order.force()
                ? Optional.empty()
                : Optional.of(proof.of(before, place(to), before.pool(to).targets(), change));
        Optional<String> said = gate.flatMap(passed -> suspicion.of(before));
        if (order.dryRun()) {
            return rehearsed(before, to, gate, change).warned(said);
        }
        Optional<WarmUpOutcome> warmth =
                gate.map(passed -> warming.of(before, place(to), before.pool(to).targets(), change));
        Service next =
                planner.next(before, order.destination().from(before), change).orElseThrow();
        Optional<Watch> watch = order.watch().map(time -> watching.begin(before, to));
        commit.enforce(next, order.force(), change);
        history.beginAnew(next);
        Receipt receipt = switched(before, next, gate, warmth, change).warned(said);
        receipt = receipt.warned(chronicle.switched(change, receipt));
        if (order.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(receipt.warned(
                    watch.map(begun -> "The watch goes on: GET /admin/history will tell what it comes to.")));
        }
        if (watch.isPresent()) {
            WatchReport report = changes.lookOn(change, () -> {
                // Only now: who sees this step may interpose a rollback.
                change.enter(Step.WATCH);
                return watch.get().keep(order.watch().orElseThrow());
            });
            if (!watch.get().isServing()) {
                return takenBack(receipt, report, change);
            }
            if (report.verdict() == WatchVerdict.WORSE) {
                return flippedBack(before, next, receipt, report, change);
            }
            chronicle.watched(change, report);
            receipt = receipt.watched(report);
        }
        return drained(next, receipt, change);
    }

    /** The old slot has not been drained, and serves again at once; unless it can't, and the worse one is the best. */
    private Receipt flippedBack(Service before, Service next, Receipt receipt, WatchReport report, Change change) {
        Service back = planner.next(
                        next,
                        new Command.Rollback(),
                        "switched back: slot " + report.to() + " was worse, " + report.reason())
                .orElseThrow()
                .withTargetsOf(before);
        if (!health.serves(back, back.active())) {
            return stayed(receipt, report, "no target of slot " + back.active() + " is up", change);
        }
        try {
            commit.enforce(back, false, change);
        } catch (ChangeRefused refused) {
            return stayed(receipt, report, refused.getMessage(), change);
        }
        Receipt returned = receipt.flippedBack(report, back.revision());
        return drained(back, returned.warned(chronicle.flippedBack(change, report, returned)), change);
    }

    /** A rollback has come in between, and has drained the new slot. */
    private Receipt takenBack(Receipt receipt, WatchReport report, Change change) {
        Service now = current.service(receipt.service());
        Receipt returned = receipt.flippedBack(report, now.revision())
                .finished(clock.instant(), now.idle(), drain.look(now.name(), now.idleTargets()));
        return returned.warned(chronicle.takenBack(change, returned));
    }

    /** The old slot isn't drained: it may still be the better one, once what bars the way is mended. */
    private Receipt stayed(Receipt receipt, WatchReport report, String why, Change change) {
        Receipt barred = receipt.watched(report)
                .warned(Optional.of("Slot " + report.to() + " is worse than slot " + report.from()
                        + ", and serves all the same, since the way back is barred: " + why));
        return barred.warned(chronicle.barred(change, barred));
    }

    private static String place(Slot slot) {
        return "slot " + slot;
    }

    private Receipt switched(
            Service before, Service next, Optional<GateReport> gate, Optional<WarmUpOutcome> warmth, Change change) {
        List<String> warnings = new ArrayList<>();
        if (gate.isEmpty()) {
            warnings.add("Forced: slot " + next.active() + " was not proved healthy before it got the traffic.");
        }
        warmth.ifPresent(done -> warnings.addAll(done.warnings()));
        warnings.addAll(routing.warnings(next.name()));
        return new Receipt(
                next.name(),
                true,
                false,
                before.active(),
                next.active(),
                next.revision(),
                change.since(),
                Optional.of(clock.instant()),
                Optional.empty(),
                gate,
                warmth,
                Optional.empty(),
                Optional.empty(),
                warnings);
    }

    private Receipt drained(Service next, Receipt receipt, Change change) {
        change.enter(Step.DRAIN);
        DrainReport report = drain.await(next.name(), next.idleTargets());
        Receipt ended = receipt.finished(clock.instant(), next.idle(), report);
        return ended.warned(
                chronicle.drained(change, place(next.idle()), report, ended.revision(), ReceiptJson.of(ended)));
    }

    /** The slot is the active one, but the traffic may go elsewhere: what carries it is made to follow again. */
    private Receipt putRight(Service now, SwitchOrder order, Change change) {
        commit.enforce(now, order.force(), change);
        return unchanged(
                now,
                change,
                "Slot " + now.active()
                        + " was the active one already; what somebody else had changed was overwritten, so"
                        + " that it serves.");
    }

    private Receipt unchanged(Service now, Change change, String said) {
        Instant end = clock.instant();
        DrainReport idle = drain.look(now.name(), now.idleTargets());
        return new Receipt(
                now.name(),
                false,
                false,
                now.active(),
                now.active(),
                now.revision(),
                change.since(),
                Optional.empty(),
                Optional.of(end),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(idle),
                List.of(said));
    }

    private Receipt rehearsed(Service now, Slot to, Optional<GateReport> gate, Change change) {
        String would =
                "Dry run: nothing has changed, slot " + now.active() + " serves. The switch would make slot " + to
                        + " serve"
                        + (gate.isPresent()
                                ? ", which has just passed the gate."
                                : ", without asking the gate, as it is forced.");
        return new Receipt(
                now.name(),
                false,
                true,
                now.active(),
                to,
                now.revision(),
                change.since(),
                Optional.empty(),
                Optional.of(clock.instant()),
                gate,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(would));
    }
}
