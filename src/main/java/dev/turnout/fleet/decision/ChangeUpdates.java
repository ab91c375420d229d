package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetOutcome.Why;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The updates of a change. */
final class ChangeUpdates {

    /** Of each service in one update: with their locks, 16 services are within the 128 operations of etcd. */
    static final int MOST_LEFT_OVERS = 7;

    private ChangeUpdates() {}

    /** Takes the lock, and clears what former changes have left. */
    static StoreUpdate lock(FleetOrder order, StoreContents contents) {
        Seat seat = order.seat();
        Intent intent = new Intent(
                order.change(),
                order.base(),
                order.kind(),
                order.strict(),
                order.gated() ? IntentStep.GATE : IntentStep.ARM,
                seat.member(),
                seat.process(),
                seat.format(),
                order.next());
        List<Edit> edits = new ArrayList<>(leftOvers(order.service(), MOST_LEFT_OVERS, contents));
        edits.add(new Edit.PutLeased(FleetKey.change(order.service()), intent));
        return new StoreUpdate(
                Purpose.LOCK,
                List.of(
                        Condition.absent(FleetKey.change(order.service())),
                        unchanged(FleetKey.state(order.service()), contents),
                        unchanged(FleetKey.ROSTER, contents)),
                edits);
    }

    /** Lets the members vote. */
    static StoreUpdate arm(Intent intent, StoreContents contents) {
        FleetKey change = FleetKey.change(intent.next().name());
        return new StoreUpdate(
                Purpose.ARM,
                List.of(isHeld(change, contents)),
                List.of(new Edit.PutLeased(change, intent.at(IntentStep.ARM))));
    }

    /**
     * Makes the decision. Compares the decision before, the lock, the roster, the vote of each member, that no member has
     * been started since its vote, and that none that is left out has come back.
     */
    static StoreUpdate commit(
            FleetOrder order, Set<String> needed, SortedMap<String, Long> leftOut, StoreContents contents) {
        List<Condition> when = new ArrayList<>();
        when.add(unchanged(FleetKey.state(order.service()), contents));
        when.add(isHeld(FleetKey.change(order.service()), contents));
        when.add(unchanged(FleetKey.ROSTER, contents));
        for (String member : needed) {
            when.add(new Condition.Exists(FleetKey.armed(order.change(), member)));
            Vote vote = contents.vote(order.change(), member);
            when.add(new Condition.Written(FleetKey.started(member), vote == null ? 0 : vote.started()));
        }
        leftOut.forEach((member, revision) -> when.add(new Condition.Written(FleetKey.started(member), revision)));
        return new StoreUpdate(Purpose.COMMIT, when, decision(order, leftOut.keySet()));
    }

    /** Makes a decision that needs no votes. */
    static StoreUpdate commitPlain(FleetOrder order, StoreContents contents) {
        return new StoreUpdate(
                Purpose.COMMIT,
                List.of(
                        Condition.absent(FleetKey.change(order.service())),
                        unchanged(FleetKey.state(order.service()), contents)),
                decision(order, Set.of()));
    }

    private static List<Edit> decision(FleetOrder order, Set<String> leftOut) {
        FleetReceipt open = new FleetReceipt(
                order.change(), ReceiptState.OPEN, new TreeSet<>(leftOut), Collections.emptySortedMap());
        return List.of(
                new Edit.Put(FleetKey.state(order.service()), new Decision(order.next(), order.change())),
                new Edit.Put(FleetKey.receipt(order.service(), order.next().revision()), open));
    }

    /** Gives a change up. It fails if the change was decided, and the change can't be decided any more if it succeeds. */
    static StoreUpdate abort(FleetOrder order, StoreContents contents) {
        return free(order.service(), contents);
    }

    /** Frees a lock. The votes stay until the next lock: their members find the lock gone. */
    static StoreUpdate free(String service, StoreContents contents) {
        FleetKey change = FleetKey.change(service);
        return new StoreUpdate(
                Purpose.ABORT,
                List.of(unchanged(FleetKey.state(service), contents), isHeld(change, contents)),
                List.of(new Edit.Delete(change)));
    }

    /** Returns why members are against a change: by their gates, by a no, or by a withdrawal; null if none is. */
    static @Nullable Refused refusal(FleetOrder order, Set<String> needed, StoreContents contents) {
        SortedMap<String, String> failed = new TreeMap<>();
        Map<RefusalReason, Set<String>> said = new EnumMap<>(RefusalReason.class);
        for (String member : needed) {
            Entry ready = contents.entry(FleetKey.ready(order.change(), member));
            if (ready != null
                    && ready.value() instanceof Ready gate
                    && !gate.problem().isEmpty()) {
                failed.put(member, gate.problem());
            }
            Entry no = contents.entry(FleetKey.refused(order.change(), member));
            if (no != null && no.value() instanceof Refusal refusal) {
                said.computeIfAbsent(refusal.reason(), reason -> new TreeSet<>())
                        .add(member);
            }
        }
        if (!failed.isEmpty()) {
            return new Refused(Why.GATE_FAILED, failed);
        }
        if (said.containsKey(RefusalReason.LEAVING)) {
            return new Refused(Why.MEMBER_LEAVING, said.get(RefusalReason.LEAVING));
        }
        if (said.containsKey(RefusalReason.FORMAT)) {
            return new Refused(Why.MEMBER_OLD, said.get(RefusalReason.FORMAT));
        }
        return said.isEmpty() ? null : new Refused(Why.MEMBER_SLOW, silent(order, needed, contents));
    }

    /** Returns the members that have neither voted nor taken a vote back: the others have waited for these. */
    private static Set<String> silent(FleetOrder order, Set<String> needed, StoreContents contents) {
        Set<String> silent = new TreeSet<>(needed);
        silent.removeIf(member -> contents.vote(order.change(), member) != null
                || contents.has(FleetKey.refused(order.change(), member)));
        return silent;
    }

    /** Returns the members whose gates have not said anything yet. */
    static Set<String> missingGates(FleetOrder order, Set<String> needed, StoreContents contents) {
        Set<String> missing = new TreeSet<>(needed);
        missing.removeIf(member -> contents.has(FleetKey.ready(order.change(), member)));
        return missing;
    }

    /** Returns the folder of the members' reports of a change. */
    static String reportsOf(String change) {
        return "done/" + change + "/";
    }

    /**
     * Returns the deletions of what changes of a service have left: one of each change in each folder, and not more than
     * some, since an update has a limit: what is left over is never counted, and goes with the next lock. Only the holder of the lock may carry them out.
     */
    static List<Edit> leftOvers(String service, int most, StoreContents contents) {
        Set<String> left = new TreeSet<>();
        for (String folder : List.of("ready/", "armed/", "refused/", "done/")) {
            contents.under(folder).forEach((key, entry) -> {
                if (serviceOf(entry).equals(service)) {
                    left.add(key.path().substring(0, key.path().lastIndexOf('/') + 1));
                }
            });
        }
        return left.stream().limit(most).<Edit>map(Edit.DeleteUnder::new).toList();
    }

    private static String serviceOf(Entry entry) {
        if (entry.value() instanceof Ready ready) {
            return ready.service();
        }
        if (entry.value() instanceof Vote vote) {
            return vote.service();
        }
        if (entry.value() instanceof Refusal refusal) {
            return refusal.service();
        }
        return entry.value() instanceof Done done ? done.service() : "";
    }

    static Condition unchanged(FleetKey key, StoreContents contents) {
        return new Condition.Written(key, contents.written(key));
    }

    private static Condition isHeld(FleetKey change, StoreContents contents) {
        Entry entry = contents.entry(change);
        return new Condition.Created(change, entry == null ? 0 : entry.created());
    }

    static SortedMap<String, String> reports(String change, StoreContents contents) {
        SortedMap<String, String> reports = new TreeMap<>();
        String folder = reportsOf(change);
        contents.under(folder).forEach((key, entry) -> {
            if (entry.value() instanceof Done done) {
                reports.put(key.path().substring(folder.length()), done.report());
            }
        });
        return reports;
    }
}
