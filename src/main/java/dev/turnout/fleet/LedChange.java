package dev.turnout.fleet;

import dev.turnout.fleet.decision.Coordinator;
import dev.turnout.fleet.decision.Coordinator.Stage;
import dev.turnout.fleet.decision.CoordinatorEvent;
import dev.turnout.fleet.decision.FleetAction;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetOutcome;
import dev.turnout.fleet.decision.FleetOutcome.Made;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.Reaction;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** A change that this process leads: the coordinator, and its actions carried out. The fleet's thread only. */
final class LedChange {

    /** How long the answer of a change waits for members that have not applied it. */
    private static final Duration APPLY = Duration.ofSeconds(2);

    /** How long the votes of all members may take. */
    private static final Duration VOTES = Duration.ofSeconds(5);

    /** How long reports of drains may take on their way. */
    private static final Duration REPORTS = Duration.ofSeconds(10);

    private final FleetLoop loop;
    private final FleetOrder order;
    private final Duration drainTime;
    private final CompletableFuture<Set<String>> decided = new CompletableFuture<>();
    private final CompletableFuture<FleetReceipt> closed = new CompletableFuture<>();
    private Coordinator coordinator;
    private boolean isBeginRefused;
    private boolean isDecided;
    private boolean isLate;

    private LedChange(FleetLoop loop, FleetOrder order, Coordinator first, Duration drainTime) {
        this.loop = loop;
        this.order = order;
        this.coordinator = first;
        this.drainTime = drainTime;
    }

    /** Begins a change by what the store has. */
    static LedChange begin(
            FleetLoop loop, FleetOrder order, StoreContents contents, Duration gateTime, Duration drainTime) {
        Reaction<Coordinator> first = Coordinator.begin(order, contents);
        LedChange led = new LedChange(loop, order, first.next(), drainTime);
        led.take(first);
        loop.after(order.gated() ? gateTime.plus(VOTES) : VOTES, led::timeOver);
        return led;
    }

    FleetOrder order() {
        return order;
    }

    /** Returns what completes when the change is in force: with the members that have not applied it. */
    CompletableFuture<Set<String>> decided() {
        return decided;
    }

    /** Returns what completes with the closed receipt. */
    CompletableFuture<FleetReceipt> closed() {
        return closed;
    }

    boolean isOver() {
        return coordinator.stage() == Stage.OVER || decided.isCompletedExceptionally();
    }

    /** Takes what the store has. */
    void seen(StoreContents contents) {
        if (isBeginRefused) {
            isBeginRefused = false;
            take(coordinator.on(new CoordinatorEvent.BeginRefused(contents)));
        } else {
            take(coordinator.on(new CoordinatorEvent.Seen(contents)));
        }
        if (isDecided()) {
            tellDecided(contents);
        }
    }

    private boolean isDecided() {
        Stage stage = coordinator.stage();
        return stage == Stage.DECIDED
                || stage == Stage.CLOSING
                || stage == Stage.OVER && coordinator.outcome() instanceof Made;
    }

    private void tellDecided(StoreContents contents) {
        if (!isDecided) {
            isDecided = true;
            loop.after(drainTime.plus(REPORTS), this::timeOver);
            loop.after(APPLY, () -> {
                isLate = true;
                loop.readSoon();
            });
        }
        Set<String> behind = new TreeSet<>(contents.roster());
        behind.removeAll(order.leftOut());
        behind.removeIf(member -> hasApplied(member, contents));
        if (behind.isEmpty() || isLate || isOver()) {
            decided.complete(behind);
        }
    }

    private boolean hasApplied(String member, StoreContents contents) {
        StoreContents.Entry entry = contents.entry(FleetKey.applied(order.service(), member));
        return entry != null
                && entry.value() instanceof Applied applied
                && applied.epoch() >= order.next().revision();
    }

    private void timeOver() {
        if (!isOver()) {
            take(coordinator.on(new CoordinatorEvent.TimeOver()));
        }
    }

    private void take(Reaction<Coordinator> reaction) {
        coordinator = reaction.next();
        for (FleetAction action : reaction.actions()) {
            if (action instanceof FleetAction.Send send) {
                loop.send(send.update(), made -> sent(send.update(), made));
            } else if (action instanceof FleetAction.Read) {
                loop.readSoon();
            }
        }
        FleetOutcome outcome = coordinator.outcome();
        if (outcome instanceof Refused refused) {
            refuse(FleetWords.refused(order, refused));
        } else if (outcome instanceof Made made) {
            closed.complete(made.receipt());
        }
    }

    /** Called when the store has answered an update. */
    private void sent(StoreUpdate update, boolean isMade) {
        boolean isFirst = update.purpose() == Purpose.LOCK
                || update.purpose() == Purpose.COMMIT && !order.kind().needsVotes();
        isBeginRefused |= isFirst && !isMade;
    }

    /** Ends the wait of the caller. */
    void refuse(FleetRefused refused) {
        decided.completeExceptionally(refused);
        closed.completeExceptionally(refused);
    }
}
