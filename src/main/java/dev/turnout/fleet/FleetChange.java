package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What the store knows of a change: it is under way, or it was made.
 *
 * @param change the id of the change
 * @param step {@code gate} or {@code arm} while it is under way; empty once it was made
 * @param epoch that was decided; empty while it is under way
 * @param receipt of it; empty while it is under way
 */
public record FleetChange(
        String change, String service, Optional<String> step, Optional<Long> epoch, Optional<FleetReceipt> receipt) {

    /** Stands between what a caller calls a change and what makes its id one that no other change has. */
    private static final char MARK = '~';

    /** Returns the id of a change that a caller has a key for. Each try of it has another id. */
    static String idOf(Optional<String> key) {
        String random = UUID.randomUUID().toString();
        return key.map(given -> given + MARK + random).orElse(random);
    }

    /** Returns the id of a service's part of a change of so many services. */
    static String part(String change, String service, int services) {
        return services == 1 ? change : change + MARK + service;
    }

    /** Returns a change by its id or by its caller's key; the one that was made, if there are several tries. */
    static Optional<FleetChange> find(String name, StoreContents contents) {
        return made(name, contents).or(() -> underWay(name, contents));
    }

    static Optional<FleetChange> made(String name, StoreContents contents) {
        return contents.under("receipt/").entrySet().stream()
                .filter(entry ->
                        entry.getValue().value() instanceof FleetReceipt receipt && isOf(receipt.change(), name))
                .findFirst()
                .map(entry ->
                        made(entry.getKey(), (FleetReceipt) entry.getValue().value()));
    }

    private static FleetChange made(FleetKey key, FleetReceipt receipt) {
        int service = key.path().indexOf('/') + 1;
        int epoch = key.path().lastIndexOf('/') + 1;
        return new FleetChange(
                receipt.change(),
                key.path().substring(service, epoch - 1),
                Optional.empty(),
                Optional.of(Long.valueOf(key.path().substring(epoch))),
                Optional.of(receipt));
    }

    private static Optional<FleetChange> underWay(String name, StoreContents contents) {
        return contents.under("change/").values().stream()
                .filter(entry -> entry.value() instanceof Intent intent && isOf(intent.change(), name))
                .findFirst()
                .map(entry -> (Intent) entry.value())
                .map(intent -> new FleetChange(
                        intent.change(),
                        intent.next().name(),
                        Optional.of(Members.word(intent.step())),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Returns the names of the services that are changed together by this change, in order. */
    public SortedSet<String> together(StoreContents contents) {
        String end = MARK + service;
        String joint = change.endsWith(end) ? change.substring(0, change.length() - end.length()) : change;
        SortedSet<String> services = new TreeSet<>();
        for (Entry entry : contents.under("receipt/").values()) {
            if (entry.value() instanceof FleetReceipt made && isOf(made.change(), joint)) {
                services.add(serviceOf(made.change(), joint));
            }
        }
        contents.under("change/").values().forEach(entry -> {
            if (entry.value() instanceof Intent intent && isOf(intent.change(), joint)) {
                services.add(intent.next().name());
            }
        });
        return services;
    }

    private String serviceOf(String part, String joint) {
        return part.equals(joint) ? service : part.substring(joint.length() + 1);
    }

    private static boolean isOf(String change, String name) {
        return change.equals(name) || change.startsWith(name + MARK);
    }
}
