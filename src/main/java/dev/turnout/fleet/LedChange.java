package dev.turnout.fleet;

import dev.turnout.fleet.decision.Coordinator;
import dev.turnout.fleet.decision.CoordinatorEvent;
import dev.turnout.fleet.decision.FleetAction;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetOutcome.Made;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.JointCoordinator;
import dev.turnout.fleet.decision.Reaction;
import dev.turnout.fleet.decision.ServiceEnrolment;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A change of one service or of several that this process leads: the coordinator, and its actions carried out. The fleet's
 * thread only.
 */
final class LedChange {

    /** How long the answer of a change waits for members that have not applied it. */
    private static final Duration APPLY = Duration.ofSeconds(2);

    /** How long the votes of all members may take. */
    private static final Duration VOTES = Duration.ofSeconds(5);

    /** How long a coordinator waits before it reads again what became of its first update. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    /** How long reports of drains may take on their way. */
    private static final Duration REPORTS = Duration.ofSeconds(10);

    private final FleetLoop loop;
    private final List<FleetOrder> orders;
    private final Duration drainTime;
    private final CompletableFuture<Map<String, Set<String>>> decided = new CompletableFuture<>();
    private final Map<String, CompletableFuture<FleetReceipt>> closed = new HashMap<>();
    private JointCoordinator coordinator;
    private boolean isDecided;
    private boolean isLate;

    private LedChange(FleetLoop loop, List<FleetOrder> orders, JointCoordinator first, Duration drainTime) {
        this.loop = loop;
        this.orders = orders;
        this.coordinator = first;
        this.drainTime = drainTime;
        orders.forEach(order -> closed.put(order.service(), new CompletableFuture<>()));
    }

    /** Begins a change by what the store has. */
    static LedChange begin(
            FleetLoop loop, Collection<FleetOrder> orders, StoreContents contents, FleetTraffic traffic) {
        Reaction<JointCoordinator> first = JointCoordinator.begin(orders, contents);
        List<String> services = orders.stream().map(FleetOrder::service).toList();
        LedChange led = new LedChange(loop, List.copyOf(orders), first.next(), longest(services, traffic::drainTime));
        led.take(first);
        boolean isGated = orders.stream().anyMatch(FleetOrder::gated);
        loop.after(isGated ? longest(services, traffic::gateTime).plus(VOTES) : VOTES, led::timeOver);
        return led;
    }

    /** Returns the longest of the times of some services. */
    static Duration longest(Collection<String> services, Function<String, Duration> time) {
        return services.stream().map(time).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Returns what is asked for, of each service. */
    List<FleetOrder> orders() {
        return orders;
    }

    /**
     * Returns what completes when the change is in force: with the members that have not applied it, by service.
     */
    CompletableFuture<Map<String, Set<String>>> decided() {
        return decided;
    }

    /** Returns what completes with the closed receipt of a service. */
    CompletableFuture<FleetReceipt> closed(String service) {
        return Objects.requireNonNull(closed.get(service), "a service of the change");
    }

    boolean isOver() {
        return coordinator.isOver() || decided.isCompletedExceptionally();
    }

    /** Takes what the store has. */
    void seen(StoreContents contents) {
        take(contents, new CoordinatorEvent.Seen(contents));
    }

    private void take(StoreContents contents, CoordinatorEvent event) {
        take(coordinator.on(event));
        if (coordinator.isDecided()) {
            tellDecided(contents);
        }
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
        Map<String, Set<String>> behind = new TreeMap<>();
        orders.forEach(order -> behind.put(order.service(), behind(order, contents)));
        if (isLate || isOver() || behind.values().stream().allMatch(Set::isEmpty)) {
            decided.complete(behind);
        }
    }

    private static Set<String> behind(FleetOrder order, StoreContents contents) {
        Set<String> behind = new TreeSet<>(contents.roster());
        behind.removeAll(order.leftOut());
        behind.removeAll(ServiceEnrolment.lacking(order.service(), contents));
        behind.removeIf(member -> hasApplied(order, member, contents));
        return behind;
    }

    private static boolean hasApplied(FleetOrder order, String member, StoreContents contents) {
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

    private void take(Reaction<JointCoordinator> reaction) {
        coordinator = reaction.next();
        for (FleetAction action : reaction.actions()) {
            if (action instanceof FleetAction.Send send) {
                loop.send(send.update(), answer -> sent(send.update(), answer));
            } else if (action instanceof FleetAction.Read) {
                loop.readSoon();
            }
        }
        coordinator.parts().forEach((service, part) -> {
            if (part.outcome() instanceof Made made) {
                closed(service).complete(made.receipt());
            }
        });
        String refused = coordinator.refused();
        if (refused != null && coordinator.isOver()) {
            Coordinator part = Objects.requireNonNull(coordinator.parts().get(refused), "the service that was refused");
            refuse(FleetWords.refused(part.order(), (Refused) Objects.requireNonNull(part.outcome())));
        }
    }

    private void refuse(FleetRefused refused) {
        decided.completeExceptionally(refused);
        closed.values().forEach(receipt -> receipt.completeExceptionally(refused));
    }

    /** Called when the store has answered an update. */
    private void sent(StoreUpdate update, UpdateAnswer answer) {
        boolean isFirst = update.purpose() == Purpose.LOCK
                || update.purpose() == Purpose.COMMIT && !orders.get(0).kind().needsVotes();
        if (isFirst && answer != UpdateAnswer.MADE) {
            notBegun(answer);
        }
    }

    /** Reads what became of the first update: a read that began before it was answered may be under way. */
    private void notBegun(UpdateAnswer answer) {
        loop.afterRead(() -> {
            Optional<StoreContents> contents = loop.view().usable();
            if (isOver()) {
                return;
            }
            if (contents.isEmpty()) {
                loop.after(AGAIN, () -> notBegun(answer));
                return;
            }
            take(
                    contents.get(),
                    answer == UpdateAnswer.REFUSED
                            ? new CoordinatorEvent.BeginRefused(contents.get())
                            : new CoordinatorEvent.BeginLost(contents.get()));
        });
    }
}
