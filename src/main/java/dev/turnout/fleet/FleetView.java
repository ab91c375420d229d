package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What this member knows of the fleet: an immutable value.
 *
 * @param contents of the last good read; empty before the first
 * @param epochs of each service, in force here
 * @param trouble why changes are refused; empty if all is well
 * @param since when it is so
 * @param readNanos when it was read, by {@link System#nanoTime()}
 */
record FleetView(
        Optional<StoreContents> contents,
        Map<String, Long> epochs,
        Optional<String> trouble,
        Instant since,
        long readNanos) {

    static FleetView unread(Instant now) {
        return new FleetView(Optional.empty(), Map.of(), Optional.of("etcd was not read yet"), now, System.nanoTime());
    }

    static FleetView of(StoreContents contents, Map<String, Long> epochs, Optional<String> doubt, Instant now) {
        return new FleetView(Optional.of(contents), epochs, doubt, now, System.nanoTime());
    }

    /** Returns this view after a read that has failed. */
    FleetView failed(String why, Instant now) {
        return new FleetView(contents, epochs, Optional.of(why), trouble.isPresent() ? since : now, System.nanoTime());
    }

    long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - readNanos);
    }

    /** Returns the members of the fleet with their addresses. */
    SortedMap<String, String> roster() {
        return contents.map(known -> known.entry(FleetKey.ROSTER))
                .map(Entry::value)
                .filter(Roster.class::isInstance)
                .map(value -> ((Roster) value).members())
                .orElseGet(TreeMap::new);
    }
}
