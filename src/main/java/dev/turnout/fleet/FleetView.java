package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.ServicePlan.Cell;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.etcd.Header;
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
 * @param apart services that are served here apart from the fleet, each with the reason
 * @param trouble why changes are refused; empty if all is well
 * @param since when it is so
 * @param readNanos when it was read, by {@link System#nanoTime()}
 * @param header of the last good read
 */
record FleetView(
        Optional<StoreContents> contents,
        Map<String, Long> epochs,
        Map<String, Cell> apart,
        Optional<Trouble> trouble,
        Instant since,
        long readNanos,
        Header header) {

    static FleetView unread(Instant now) {
        Trouble unread = FleetWords.unread();
        return new FleetView(
                Optional.empty(), Map.of(), Map.of(), Optional.of(unread), now, System.nanoTime(), new Header("", 0));
    }

    /** Returns this view after a read. */
    FleetView read(
            StoreContents read,
            Header at,
            Map<String, Long> here,
            Map<String, Cell> others,
            Optional<Trouble> next,
            Instant now) {
        return new FleetView(Optional.of(read), here, others, next, since(next, now), System.nanoTime(), at);
    }

    /** Returns this view after a read that has failed. */
    FleetView failed(Trouble why, Instant now) {
        Optional<Trouble> next = Optional.of(why);
        return new FleetView(contents, epochs, apart, next, since(next, now), System.nanoTime(), header);
    }

    /** Returns what the last read has seen, if nothing is in its way. */
    Optional<StoreContents> usable() {
        return contents.filter(known -> trouble.isEmpty());
    }

    /**
     * Returns what the last read has seen.
     *
     * @throws FleetRefused if the store can't be used
     */
    StoreContents require() {
        return usable().orElseThrow(() -> FleetWords.unreachable(this));
    }

    /** Returns what is known of the store. */
    StoreKnown store() {
        return new StoreKnown(trouble.map(Trouble::text), header);
    }

    /** Returns the member that does alone for a service what one member does for all; empty if the store can't be used. */
    Optional<String> elected(String service) {
        return usable().flatMap(known -> known.elected(service));
    }

    /** Returns true if a member that has a place on its disk is none any more: another one has taken it out. */
    boolean isTakenOut(String member) {
        return usable().filter(known -> !known.roster().contains(member)).isPresent();
    }

    private Instant since(Optional<Trouble> next, Instant now) {
        return next.isPresent() == trouble.isPresent() ? since : now;
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
