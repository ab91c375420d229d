package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.FleetValue.Vote;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the store has under the prefix of a fleet, at one revision: the result of a quorum read, or of one kept up to date
 * by a watch.
 *
 * @param life which life of the store this is. The caller makes another one of it when the cluster or the fleet has another
 *     id, or when the revision of the store has gone back.
 * @param entries all keys that updates look at; old receipts may be missing
 */
public record StoreContents(String life, SortedMap<FleetKey, Entry> entries) {

    /**
     * A value as it stands in the store.
     *
     * @param created the revision at which this life of the key began
     * @param written the revision at which the value was written
     */
    public record Entry(FleetValue value, long created, long written) {}

    public StoreContents {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /** Returns an entry; null if there is no such key. */
    public @Nullable Entry entry(FleetKey key) {
        return entries.get(key);
    }

    /** Returns true if there is a key. */
    public boolean has(FleetKey key) {
        return entries.containsKey(key);
    }

    /** Returns the revision at which a key was written; 0 if there is no such key. */
    public long written(FleetKey key) {
        Entry entry = entries.get(key);
        return entry == null ? 0 : entry.written();
    }

    /** Returns the newest revision at which a key was written; 0 if there is none. */
    public long newest() {
        return entries.values().stream().mapToLong(Entry::written).max().orElse(0);
    }

    /** Returns the entries whose keys begin with a path. */
    public Map<FleetKey, Entry> under(String prefix) {
        return entries.subMap(new FleetKey(prefix), new FleetKey(prefix + Character.MAX_VALUE));
    }

    private <T extends FleetValue> @Nullable T value(FleetKey key, Class<T> type) {
        Entry entry = entries.get(key);
        return entry == null ? null : type.cast(entry.value());
    }

    /** Returns the decision in force for a service; null if there is none. */
    public @Nullable Decision decision(String service) {
        return value(FleetKey.state(service), Decision.class);
    }

    /** Returns the names of the services that the fleet has. */
    public SortedSet<String> services() {
        SortedSet<String> names = new TreeSet<>();
        under(FleetKey.STATES).keySet().forEach(key -> names.add(key.path().substring(FleetKey.STATES.length())));
        return names;
    }

    /** Returns the epoch at which a service was removed last, which may have come again; 0 if none of this name was. */
    public long removed(String service) {
        Removed removed = value(FleetKey.removed(service), Removed.class);
        return removed == null ? 0 : removed.epoch();
    }

    /** Returns the services that a member has; null if it has not said that. */
    public @Nullable SortedSet<String> configured(String member) {
        Configured configured = value(FleetKey.configured(member), Configured.class);
        return configured == null ? null : configured.services();
    }

    /** Returns true if a member has said last under a mark which services it has. */
    boolean isSaidBy(String member, String mark) {
        Configured configured = value(FleetKey.configured(member), Configured.class);
        return configured != null && configured.mark().equals(mark);
    }

    /** Returns what is about to be changed in a service; null if its lock is free. */
    public @Nullable Intent intent(String service) {
        return value(FleetKey.change(service), Intent.class);
    }

    /** Returns the receipt of a decision; null if there is none. */
    public @Nullable FleetReceipt receipt(String service, long epoch) {
        return value(FleetKey.receipt(service, epoch), FleetReceipt.class);
    }

    /** Returns the ids of all enrolled members. */
    public Set<String> roster() {
        Roster roster = value(FleetKey.ROSTER, Roster.class);
        return roster == null ? Set.of() : new TreeSet<>(roster.members().keySet());
    }

    /** Returns true if a process is the one of its member that has last said that it is here. */
    public boolean isStarted(String member, String process) {
        Started started = value(FleetKey.started(member), Started.class);
        return started != null && started.process().equals(process);
    }

    /** Returns true if a process has said that it is here, and its lease is alive. */
    public boolean isHere(String member, String process) {
        return isStarted(member, process) && has(FleetKey.here(member, process));
    }

    /** Returns true if a process has said that it serves a service under an epoch. */
    boolean isApplied(Seat seat, long epoch) {
        Applied applied = value(FleetKey.applied(seat.service(), seat.member()), Applied.class);
        return applied != null && applied.epoch() == epoch && applied.process().equals(seat.process());
    }

    /** Returns true if the lease of no other process of a member is alive. */
    public boolean isOnly(String member, String process) {
        return under("here/" + member + "/").keySet().stream()
                .allMatch(key -> key.equals(FleetKey.here(member, process)));
    }

    /** Returns true if the lease of any process of a member is alive. */
    public boolean isPresent(String member) {
        return !under("here/" + member + "/").isEmpty();
    }

    /**
     * Returns the member that does alone for a service what one member does for all: the lowest of the roster that is present
     * and has the service. Empty if none is. For a moment two members may find another one each: what they do is compared with
     * what was decided, as every change.
     */
    public Optional<String> elected(String service) {
        return roster().stream()
                .filter(this::isPresent)
                .filter(member -> {
                    SortedSet<String> has = configured(member);
                    return has != null && has.contains(service);
                })
                .findFirst();
    }

    /** Returns a member's vote; null if there is none, or if the member has been started since. */
    public @Nullable Vote vote(String change, String member) {
        Vote vote = value(FleetKey.armed(change, member), Vote.class);
        return vote != null && vote.started() == written(FleetKey.started(member)) ? vote : null;
    }
}
