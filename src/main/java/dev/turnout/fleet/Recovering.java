package dev.turnout.fleet;

import dev.turnout.config.Deadline;
import dev.turnout.fleet.FleetRefused.Reason;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.Recovery;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.etcd.EtcdFailed;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Tells a store that was lost, or was put back to a backup, what the members know. Any thread that may block. */
final class Recovering {

    /** How long a recovered store may take to be believed. */
    private static final Duration BELIEVE = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 10;

    private final FleetSettings settings;
    private final FleetStore store;
    private final OwnRecords records;
    private final FleetLoop inside;

    Recovering(FleetSettings settings, FleetStore store, OwnRecords records, FleetLoop inside) {
        this.settings = settings;
        this.store = store;
        this.records = records;
        this.inside = inside;
    }

    /** What the members have told, and what the store has. */
    private record Told(
            OwnRecords.Content own,
            FleetStore.Read read,
            StoreContents contents,
            SortedMap<String, String> roster,
            SortedMap<String, SortedMap<String, Decision>> applied) {

        Set<String> silent() {
            Set<String> silent = new TreeSet<>(roster.keySet());
            silent.removeAll(applied.keySet());
            return silent;
        }
    }

    /**
     * Finds out what holds, and tells the store if this is the plan that the caller has seen.
     *
     * @param without members that are not asked: the caller says that they serve nothing
     * @param confirmed the plan; empty to be told it, with nothing done
     */
    FleetRecovery recover(String by, SortedSet<String> without, Optional<String> confirmed) {
        refuseOrder();
        try {
            Told told = ask(without);
            Recovery recovery = Recovery.of(told.applied(), told.contents());
            refuse(told, recovery);
            Set<String> silent = told.silent();
            silent.removeAll(without);
            FleetRecovery plan = FleetRecovery.of(recovery, told.applied().keySet(), silent, without);
            if (confirmed.isEmpty()) {
                return plan;
            }
            if (!confirmed.get().equals(plan.plan())) {
                throw new FleetRefused(
                        Reason.OVERTAKEN,
                        "What the members know is not what plan '" + confirmed.get()
                                + "' says. Nothing has changed. Look at"
                                + " the new plan: turnout fleet recover, without --confirm.");
            }
            if (!silent.isEmpty()) {
                throw FleetWords.silent(silent);
            }
            tell(told, recovery, by, without);
            awaitBelief();
            return plan.made();
        } catch (EtcdFailed | FleetUnreadable e) {
            throw FleetWords.unreachable(String.valueOf(e.getMessage()));
        }
    }

    /** A store that can't be read is not there to be told, and one that is believed needs nothing. */
    private void refuseOrder() {
        FleetView view = inside.view();
        Optional<Trouble.Kind> trouble = view.trouble().map(Trouble::kind);
        if (trouble.isEmpty()) {
            throw FleetWords.inOrder();
        }
        if (trouble.get() != Trouble.Kind.DISBELIEVED && trouble.get() != Trouble.Kind.IN_DOUBT) {
            throw FleetWords.unreachable(view);
        }
    }

    private void awaitBelief() {
        inside.readSoon();
        try {
            Deadline.after(BELIEVE).await(() -> inside.view().trouble().isEmpty(), LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Told ask(SortedSet<String> without) throws EtcdFailed, FleetUnreadable {
        OwnRecords.Content own = records.content().orElseThrow(FleetWords::noFleet);
        SortedMap<String, String> roster = new TreeMap<>(own.peers());
        // Read first: the update fails if anything changes while the members are asked.
        FleetStore.Read read = store.read();
        StoreContents contents = read.contents(own.life());
        StoreContents.Entry entry = contents.entry(FleetKey.ROSTER);
        if (read.fleet().filter(own.fleet()::equals).isPresent()
                && entry != null
                && entry.value() instanceof Roster known) {
            // Who has joined at a store that was put back is known to nobody else.
            known.members().forEach(roster::putIfAbsent);
        }
        SortedMap<String, SortedMap<String, Decision>> applied = new TreeMap<>();
        applied.put(own.member(), PeerState.applied(own));
        // Another member may know of members that this one has not seen come.
        for (Set<String> asked = Set.of(own.member()); !asked.containsAll(roster.keySet()); ) {
            SortedMap<String, String> next = new TreeMap<>(roster);
            next.keySet().removeAll(asked);
            next.keySet().removeAll(without);
            asked = Set.copyOf(roster.keySet());
            inside.peers().ask(own, next).forEach((member, state) -> {
                applied.put(member, state.applied());
                state.members().forEach(roster::putIfAbsent);
            });
        }
        return new Told(own, read, contents, roster, applied);
    }

    private void refuse(Told told, Recovery recovery) {
        Optional<String> fleet = told.read().fleet();
        if (fleet.isPresent() && !fleet.get().equals(told.own().fleet())) {
            throw new FleetRefused(
                    Reason.DIFFERS,
                    "etcd has another fleet '" + settings.name()
                            + "' than the one of this member. Nothing has changed. Look"
                            + " at turnout.fleet.endpoints and turnout.fleet.name.");
        }
        if (recovery.services().size() > Recovery.MOST_SERVICES) {
            throw new FleetRefused(
                    Reason.TOO_MANY,
                    "The fleet has " + recovery.services().size() + " services, and etcd takes "
                            + Recovery.MOST_SERVICES
                            + " in one step. Nothing has changed. Put a backup of etcd back that is not older than the last"
                            + " change, or begin the fleet anew.");
        }
        recovery.against(told.applied()).forEach((service, members) -> {
            throw new FleetRefused(
                    Reason.DIFFERS,
                    "Member " + String.join(", ", members)
                            + " has another decision of the highest revision of service '" + service
                            + "' than other members. Nothing has changed. Leave those out by without=MEMBER whose decision is not to"
                            + " hold.",
                    members,
                    null);
        });
    }

    private void tell(Told told, Recovery recovery, String by, SortedSet<String> without)
            throws EtcdFailed, FleetUnreadable {
        String id = "recover-" + UUID.randomUUID();
        OwnRecords.Content own = told.own();
        boolean isMade;
        try {
            isMade = store.recover(
                    recovery.update(id, told.roster(), without, told.contents()),
                    own.fleet(),
                    own.secret(),
                    by,
                    told.read().fleet().isPresent());
        } catch (EtcdFailed failed) {
            if (!failed.isUncertain()) {
                throw failed;
            }
            isMade = Recovery.last(store.read().contents(own.life()))
                    .filter(id::equals)
                    .isPresent();
        }
        if (!isMade) {
            throw new FleetRefused(
                    Reason.OVERTAKEN, "etcd was changed meanwhile. Nothing was recovered. Look at the plan again.");
        }
    }
}
