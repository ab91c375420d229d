package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A protection that is taken out: of what is sent, of what is seen, or of what is done. The production classes stay as they
 * are.
 */
enum Mutation {
    NONE,
    /** The commit asks for nobody's vote. */
    ARM,
    /** The commit asks for the votes of those whose lease is alive only. */
    VOTES_OF_ROSTER,
    /** The commit does not compare the roster. */
    ROSTER_AT_COMMIT,
    /** A vote is not written to the disk. */
    ARMED_ON_DISK,
    /** A member goes on as soon as it has sent its withdrawal. */
    HOLD_UNTIL_KNOWN,
    /** A withdrawn vote leaves no mark for others. */
    REFUSAL_BARS_LATE_VOTE,
    /** The commit does not compare the lock. */
    COMMIT_NEEDS_LOCK,
    /** The commit does not compare the decision before. */
    COMMIT_NEEDS_BASE,
    /** What has become of a vote is read of a replica. */
    LINEARIZABLE_READS,
    /** A decision is written to the disk after it was applied. */
    PERSIST_BEFORE_ACK,
    /** A late event takes a member back. */
    MONOTONIC,
    /** "Drained" takes the reports of those whose lease is alive only. */
    RECEIPT_OF_ROSTER,
    /** A receipt is closed as drained although a later change was made. */
    RECEIPT_SAME_EPOCH,
    /** A receipt of a change that left a member out says drained. */
    RECEIPT_WITHOUT_LEFT_OUT,
    /** The process before a hand-over does not count. */
    DRAIN_OF_PREDECESSOR,
    /** A member reports before it has applied. */
    DRAIN_AFTER_APPLY,
    /** The evidence that a left-out member is away goes with a lease. */
    RETURN_IS_DURABLE,
    /** The commit does not compare that a left-out member is still away. */
    LEFT_OUT_STAYS_ABSENT,
    /** Members believe a store that was put back. */
    STORE_IDENTITY,
    /** The store is told what the first member that answers has applied, and not the highest of all. */
    RECOVERY_ASKS_ALL,
    /** A store that was put back is believed although nobody has told it what the members know. */
    RECOVERY_LEAVES_A_MARK,
    /** The store is told the decision with the revision that the members have. */
    RECOVERY_GOES_UP,
    /** A member tells others that a change is given up when it has only begun to withdraw its vote. */
    PEERS_KNOW_IT_IS_OVER,
    /** A member tells others that a change was made when it has only voted for it. */
    PEERS_KNOW_IT_IS_MADE;

    /** Returns what really goes to the store. */
    StoreUpdate sent(StoreUpdate update, StoreContents contents) {
        return switch (this) {
            case ARM -> only(update, Purpose.COMMIT, key -> !key.isUnder("armed/") && !key.isUnder("started/"));
            case ROSTER_AT_COMMIT -> only(update, Purpose.COMMIT, key -> !key.equals(FleetKey.ROSTER));
            case COMMIT_NEEDS_LOCK -> only(update, Purpose.COMMIT, key -> !key.isUnder("change/"));
            case COMMIT_NEEDS_BASE -> only(update, Purpose.COMMIT, key -> !key.isUnder("state/"));
            case REFUSAL_BARS_LATE_VOTE -> only(update, Purpose.VOTE, key -> !key.isUnder("refused/"));
            case RECEIPT_SAME_EPOCH -> only(update, Purpose.CLOSE, key -> !key.isUnder("state/"));
            case LEFT_OUT_STAYS_ABSENT -> only(update, Purpose.COMMIT, key -> !isLeftOut(update, key));
            case RETURN_IS_DURABLE -> leased(update);
            case RECOVERY_GOES_UP -> withoutStep(update);
            default -> update;
        };
    }

    private static StoreUpdate withoutStep(StoreUpdate update) {
        if (update.purpose() != Purpose.RECOVER) {
            return update;
        }
        List<Edit> then = update.then().stream()
                .map(edit -> edit instanceof Edit.Put put && put.value() instanceof Decision decision
                        ? new Edit.Put(put.key(), lowered(decision))
                        : edit)
                .toList();
        return new StoreUpdate(update.purpose(), update.when(), then);
    }

    private static Decision lowered(Decision decision) {
        return new Decision(decision.service().atRevision(decision.epoch() - Recovery.STEP), decision.change());
    }

    /** Returns what members have told of those that were asked. */
    SortedMap<String, Decision> told(SortedMap<String, Decision> all) {
        return this == RECOVERY_ASKS_ALL ? all.tailMap(all.lastKey()) : all;
    }

    private static StoreUpdate only(StoreUpdate update, Purpose purpose, Predicate<FleetKey> kept) {
        if (update.purpose() != purpose) {
            return update;
        }
        List<Condition> when = update.when().stream()
                .filter(condition -> kept.test(condition.key()))
                .toList();
        return new StoreUpdate(purpose, when, update.then());
    }

    private static boolean isLeftOut(StoreUpdate commit, FleetKey key) {
        return key.isUnder("started/")
                && commit.when().stream()
                        .noneMatch(other -> other instanceof Condition.Exists
                                && other.key().path().endsWith("/" + key.path().substring("started/".length())));
    }

    private static StoreUpdate leased(StoreUpdate update) {
        if (update.purpose() != Purpose.COMMIT) {
            return update;
        }
        List<Condition> when = update.when().stream()
                .flatMap(condition -> isLeftOut(update, condition.key())
                        ? absentHere(condition.key().path().substring("started/".length()))
                        : Stream.of(condition))
                .toList();
        return new StoreUpdate(Purpose.COMMIT, when, update.then());
    }

    private static Stream<Condition> absentHere(String member) {
        return Stream.of(1, 2, 3).map(start -> Condition.absent(FleetKey.here(member, member + "." + start)));
    }

    /** Returns what a coordinator sees. */
    StoreContents coordinatorSees(StoreContents contents) {
        return switch (this) {
            case ARM -> withAllVotes(contents);
            case VOTES_OF_ROSTER -> withRosterOfPresent(contents);
            case REFUSAL_BARS_LATE_VOTE -> without(contents, "refused/");
            default -> contents;
        };
    }

    /** Returns the decision that a member tells one that asks; null if it tells none. */
    @Nullable
    Decision peerTells(FleetNode peer) {
        Participant.Bound bound = peer.part() == null ? null : peer.part().bound();
        if (this == PEERS_KNOW_IT_IS_MADE && bound != null) {
            return FleetFixture.decision(FleetFixture.epoch(peer.part().decision()) + 1, bound.change());
        }
        return peer.disk() == null ? null : peer.disk().decision();
    }

    /** Returns the change of which a member tells one that asks that it is given up; null if it tells of none. */
    @Nullable
    String peerTellsGivenUp(FleetNode peer) {
        Participant.Bound bound = peer.part() == null ? null : peer.part().bound();
        return this == PEERS_KNOW_IT_IS_OVER && bound != null && bound.withdrawing() ? bound.change() : peer.givenUp();
    }

    /** Returns what is seen by whoever closes a receipt. */
    StoreContents closerSees(StoreContents contents, int epoch) {
        if (this == RECEIPT_OF_ROSTER) {
            return withRosterOfPresent(contents);
        }
        FleetKey key =
                FleetKey.receipt(FleetFixture.SHOP, FleetFixture.shop(epoch).revision());
        if (this == RECEIPT_WITHOUT_LEFT_OUT
                && contents.has(key)
                && contents.entry(key).value() instanceof FleetReceipt receipt
                && !receipt.leftOut().isEmpty()) {
            TreeMap<String, String> members = new TreeMap<>();
            contents.roster().stream()
                    .filter(member -> !receipt.leftOut().contains(member))
                    .forEach(member -> members.put(member, ""));
            FleetReceipt none = new FleetReceipt(
                    receipt.change(), receipt.state(), Collections.emptySortedSet(), receipt.reports());
            return replaced(replaced(contents, key, none), FleetKey.ROSTER, new Roster(members));
        }
        return contents;
    }

    private static StoreContents withAllVotes(StoreContents contents) {
        Intent intent = contents.intent(FleetFixture.SHOP);
        StoreContents seen = contents;
        if (intent != null) {
            for (String member : contents.roster()) {
                Vote vote = new Vote(FleetFixture.SHOP, contents.written(FleetKey.started(member)));
                seen = ModelStore.with(seen, FleetKey.armed(intent.change(), member), vote);
            }
        }
        return seen;
    }

    private static StoreContents withRosterOfPresent(StoreContents contents) {
        TreeMap<String, String> members = new TreeMap<>();
        contents.roster().stream().filter(contents::isPresent).forEach(member -> members.put(member, ""));
        return replaced(contents, FleetKey.ROSTER, new Roster(members));
    }

    /** Returns contents with another value behind a key, at the same revisions. */
    static StoreContents replaced(StoreContents contents, FleetKey key, FleetValue value) {
        SortedMap<FleetKey, Entry> entries = new TreeMap<>(contents.entries());
        Entry before = entries.get(key);
        entries.put(key, new Entry(value, before.created(), before.written()));
        return new StoreContents(contents.life(), entries);
    }

    static StoreContents without(StoreContents contents, String prefix) {
        SortedMap<FleetKey, Entry> entries = new TreeMap<>(contents.entries());
        entries.keySet().removeIf(key -> key.isUnder(prefix));
        return new StoreContents(contents.life(), entries);
    }
}
