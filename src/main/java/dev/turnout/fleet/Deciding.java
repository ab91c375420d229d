package dev.turnout.fleet;

import dev.turnout.config.Deadline;
import dev.turnout.fleet.FleetMember.Decided;
import dev.turnout.fleet.FleetMember.Wanted;
import dev.turnout.fleet.decision.ChangeKind;
import dev.turnout.fleet.decision.FleetOrder;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.JointCoordinator;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.routing.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller that waits for what the fleet decides. Any thread that may block. */
final class Deciding {

    /** How much longer than its own times a change may take before its caller is told that nothing is known. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    /** How long a change waits for the lock of one that was decided: its holder frees it when all members have reported. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** How often it looks whether the lock is free. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final FleetSettings settings;
    private final String process;
    private final FleetTraffic traffic;
    private final FleetLoop inside;

    Deciding(FleetSettings settings, String process, FleetTraffic traffic, FleetLoop inside) {
        this.settings = settings;
        this.process = process;
        this.traffic = traffic;
        this.inside = inside;
    }

    /** Has the fleet decide, see {@link FleetMember#decide}. */
    Map<String, Decided> decide(List<Wanted> wanted, SortedSet<String> without, Optional<String> key) {
        String change = FleetChange.idOf(key);
        List<FleetOrder> orders = wanted.stream()
                .map(one -> order(one, FleetChange.part(change, one.next().name(), wanted.size()), without))
                .toList();
        CompletableFuture<LedChange> begun = new CompletableFuture<>();
        Deadline settling = Deadline.after(SETTLING);
        // What was read a moment ago may be old, and one read that failed says nothing of the next.
        inside.afterRead(() -> begin(orders, key, settling, begun));
        return await(orders, begun);
    }

    private FleetOrder order(Wanted wanted, String change, SortedSet<String> without) {
        Service next = wanted.next();
        return new FleetOrder(
                change,
                next,
                ChangeKind.of(wanted.before(), next),
                settings.flip().isStrict(),
                wanted.gated(),
                without,
                new Seat(next.name(), settings.member(), process, FleetJson.FORMAT));
    }

    private void begin(
            List<FleetOrder> orders, Optional<String> key, Deadline settling, CompletableFuture<LedChange> begun) {
        FleetView view = inside.view();
        Optional<StoreContents> contents = view.usable();
        if (contents.isEmpty()) {
            begun.completeExceptionally(FleetWords.unreachable(view));
            return;
        }
        Optional<FleetChange> made = key.flatMap(name -> FleetChange.made(name, contents.get()));
        if (made.isPresent()) {
            begun.completeExceptionally(FleetWords.made(made.get()));
            return;
        }
        int members = contents.get().roster().size();
        if (orders.size() > JointCoordinator.mostServices(members)) {
            begun.completeExceptionally(FleetWords.tooMany(orders.size(), members));
            return;
        }
        if (orders.stream().anyMatch(order -> isSettling(order, contents.get())) && !settling.isOver()) {
            inside.after(LOOK, () -> inside.afterRead(() -> begin(orders, key, settling, begun)));
            return;
        }
        begun.complete(inside.begin(orders, contents.get()));
    }

    /** Returns true if the lock of the service belongs to a change that was decided. */
    private static boolean isSettling(FleetOrder order, StoreContents contents) {
        Intent holder = contents.intent(order.service());
        Decision made = contents.decision(order.service());
        return holder != null && made != null && holder.change().equals(made.change());
    }

    private Map<String, Decided> await(List<FleetOrder> orders, CompletableFuture<LedChange> begun) {
        List<String> services = orders.stream().map(FleetOrder::service).toList();
        boolean isGated = orders.stream().anyMatch(FleetOrder::gated);
        Duration most = isGated ? LedChange.longest(services, traffic::gateTime).plus(MARGIN) : MARGIN;
        try {
            LedChange change = begun.get(most.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, Set<String>> behind = change.decided().get(most.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, Decided> decided = new TreeMap<>();
            orders.forEach(order -> decided.put(
                    order.service(),
                    new Decided(
                            order.change(),
                            behind.getOrDefault(order.service(), Set.of()),
                            change.closed(order.service()))));
            return decided;
        } catch (TimeoutException e) {
            throw FleetWords.notKnown(services);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FleetRefused refused) {
                throw refused;
            }
            throw new IllegalStateException("the fleet could not decide", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FleetWords.notKnown(services);
        }
    }
}
