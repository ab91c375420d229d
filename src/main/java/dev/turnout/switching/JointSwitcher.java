package dev.turnout.switching;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A switch of several services in one step: all of them change, or none does. The order is that of one switch: locks, gates,
 * warm-ups, one commit, drains, receipts. Gates and drains of different services go on at the same time.
 */
public final class JointSwitcher {

    private final ChangeSteps steps;
    private final Changes changes;
    private final SwitchParts parts;
    private final ParallelSteps parallel = new ParallelSteps();

    JointSwitcher(ChangeSteps steps, Changes changes, SwitchParts parts) {
        this.steps = steps;
        this.changes = changes;
        this.parts = parts;
    }

    /**
     * Begins a switch and returns at once. Any thread.
     *
     * @param orders of services that differ in nothing but the service, without a watch
     * @return completes with the receipts, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<JointReceipt> begin(Collection<SwitchOrder> orders) {
        Map<String, SwitchOrder> byName = new TreeMap<>();
        orders.forEach(order -> byName.put(steps.service(order.service()).name(), order));
        SwitchOrder first = orders.iterator().next();
        String what = first.describe() + ", together: " + String.join(", ", byName.keySet());
        return changes.beginTogether(
                byName.keySet(), what, first.note(), (taken, early) -> perform(byName, taken, early));
    }

    private JointReceipt perform(
            Map<String, SwitchOrder> orders, Map<String, Change> taken, Consumer<JointReceipt> early) {
        SwitchOrder first = orders.values().iterator().next();
        Map<String, Optional<SwitchParts.Proved>> proved =
                parallel.each(taken, change -> parts.prove(order(orders, change), change));
        if (first.dryRun()) {
            return new JointReceipt(parallel.each(taken, change -> of(proved, change)
                    .map(slot -> parts.tried(slot, change))
                    .orElseGet(() -> parts.unchanged(order(orders, change), change))));
        }
        Map<String, Change> going = taken.entrySet().stream()
                .filter(change -> of(proved, change.getValue()).isPresent())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
        Map<String, SwitchParts.Ready> ready = parallel.each(
                going,
                change -> parts.warmUp(order(orders, change), of(proved, change).orElseThrow(), change));
        if (!going.isEmpty()) {
            // Who cancels one cancels all, so not after the commit, also if one serves already.
            taken.values().forEach(Change::sealOrRefuse);
        }
        Map<String, List<String>> warnings = going.isEmpty()
                ? Map.of()
                : steps.commit(
                        ready.values().stream().map(SwitchParts.Ready::next).toList(), first.force(), going);
        Map<String, Receipt> receipts = new TreeMap<>();
        taken.forEach((name, change) -> receipts.put(
                name,
                ready.containsKey(name)
                        ? parts.switched(of(ready, change), warnings.getOrDefault(name, List.of()), change)
                        : parts.unchanged(order(orders, change), change)));
        if (first.until() == SwitchOrder.Until.SWITCHED) {
            early.accept(new JointReceipt(receipts));
        }
        receipts.putAll(parallel.each(going, change -> parts.drained(of(receipts, change), change)));
        return new JointReceipt(receipts);
    }

    private static SwitchOrder order(Map<String, SwitchOrder> orders, Change change) {
        return of(orders, change);
    }

    private static <T> T of(Map<String, T> byName, Change change) {
        return Objects.requireNonNull(byName.get(change.service()), "a service of the switch");
    }
}
