package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Recovered;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a store that was lost, or was put back to a backup, is told: of each service the highest decision that a member has
 * applied. What a member has applied was decided, so the highest of all members is what holds.
 *
 * <p>The store gets each decision with a higher revision than any member has, and a mark. Members that do not believe the
 * store believe it again when they see the mark and a higher revision of every service: also those that were not asked.
 * Locks and votes that a backup has brought back are removed.
 *
 * @param services what holds of each service, by name
 */
public record Recovery(SortedMap<String, Found> services) {

    /** How far the revision goes up: farther than any member that is not asked can be. */
    static final long STEP = 1_000;

    /** The most services of one update of the store. */
    public static final int MOST_SERVICES = 59;

    private static final List<String> FOLDERS = List.of("change/", "ready/", "armed/", "refused/", "applied/", "done/");

    /**
     * What holds of a service.
     *
     * @param decision the highest one
     * @param members that have applied it; none if only the store has it
     */
    public record Found(Decision decision, SortedSet<String> members) {

        public Found {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }

        /** Returns the revision that the service gets. */
        public long next() {
            return decision.epoch() + STEP;
        }
    }

    public Recovery {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /**
     * Finds what holds.
     *
     * @param told what each member has applied, by member and by service
     * @param contents of the store, which has a decision that no member has applied yet, perhaps
     */
    public static Recovery of(SortedMap<String, SortedMap<String, Decision>> told, StoreContents contents) {
        SortedMap<String, Found> services = new TreeMap<>();
        told.forEach((member, applied) -> applied.forEach(
                (service, decision) -> services.merge(service, found(decision, member), Recovery::higher)));
        services.replaceAll((service, found) -> stored(service, contents)
                .filter(decision -> decision.epoch() > found.decision().epoch())
                .map(decision -> new Found(decision, Collections.emptySortedSet()))
                .orElse(found));
        return new Recovery(services);
    }

    private static Optional<Decision> stored(String service, StoreContents contents) {
        return Optional.ofNullable(contents.decision(service));
    }

    private static Found found(Decision decision, String member) {
        return new Found(decision, new TreeSet<>(List.of(member)));
    }

    private static Found higher(Found one, Found other) {
        if (one.decision().epoch() != other.decision().epoch()) {
            return one.decision().epoch() > other.decision().epoch() ? one : other;
        }
        if (!one.decision().change().equals(other.decision().change())) {
            return one;
        }
        TreeSet<String> both = new TreeSet<>(one.members());
        both.addAll(other.members());
        return new Found(one.decision(), both);
    }

    /**
     * Returns the members that have another decision of the highest revision of a service, by service. There are some only
     * if a store was put back and changed before: a person has to say which of them holds.
     */
    public SortedMap<String, SortedSet<String>> against(SortedMap<String, SortedMap<String, Decision>> told) {
        SortedMap<String, SortedSet<String>> against = new TreeMap<>();
        services.forEach((service, found) -> told.forEach((member, applied) -> {
            Decision other = applied.get(service);
            if (other != null
                    && other.epoch() == found.decision().epoch()
                    && !other.change().equals(found.decision().change())) {
                against.computeIfAbsent(service, name -> new TreeSet<>()).add(member);
            }
        }));
        return against;
    }

    /**
     * Returns the update that tells the store.
     *
     * @param id of the recovery; two never have the same
     * @param roster all members with their addresses
     * @param without members that were not asked
     * @param contents of the store, which must not have changed
     */
    public StoreUpdate update(
            String id, Map<String, String> roster, SortedSet<String> without, StoreContents contents) {
        List<Condition> when = new ArrayList<>();
        when.add(ChangeUpdates.unchanged(FleetKey.RECOVERED, contents));
        when.add(ChangeUpdates.unchanged(FleetKey.ROSTER, contents));
        List<Edit> then = new ArrayList<>();
        FOLDERS.forEach(folder -> then.add(new Edit.DeleteUnder(folder)));
        services.forEach((service, found) -> {
            when.add(ChangeUpdates.unchanged(FleetKey.state(service), contents));
            Decision decision = new Decision(found.decision().service().atRevision(found.next()), id);
            then.add(new Edit.Put(FleetKey.state(service), decision));
            then.add(new Edit.Put(
                    FleetKey.receipt(service, found.next()),
                    new FleetReceipt(id, ReceiptState.NOT_DRAINED, without, Collections.emptySortedMap())));
        });
        then.add(new Edit.Put(FleetKey.ROSTER, new Roster(new TreeMap<>(roster))));
        then.add(new Edit.Put(FleetKey.RECOVERED, new Recovered(id)));
        return new StoreUpdate(Purpose.RECOVER, when, then);
    }

    /**
     * Returns the id of the last recovery that a store was told of, if it can be believed by a member: it has a higher decision
     * of every service than the member, or the very decision that the member has learned from another one.
     *
     * @param inForce the decisions of the services at the member
     */
    public static Optional<String> believable(StoreContents contents, Map<String, Decision> inForce) {
        boolean isHigher = inForce.entrySet().stream().allMatch(own -> stored(own.getKey(), contents)
                .filter(decision -> isAtLeast(decision, own.getValue()))
                .isPresent());
        return isHigher ? last(contents) : Optional.empty();
    }

    private static boolean isAtLeast(Decision stored, Decision own) {
        return stored.epoch() > own.epoch()
                || stored.epoch() == own.epoch() && stored.change().equals(own.change());
    }

    /** Returns the id of the last recovery that a store was told of; empty if there was none. */
    public static Optional<String> last(StoreContents contents) {
        StoreContents.Entry mark = contents.entry(FleetKey.RECOVERED);
        return mark != null && mark.value() instanceof Recovered recovered
                ? Optional.of(recovered.id())
                : Optional.empty();
    }
}
