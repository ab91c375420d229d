package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.CoordinatorEvent.BeginLost;
import dev.turnout.fleet.decision.CoordinatorEvent.BeginRefused;
import dev.turnout.fleet.decision.CoordinatorEvent.Seen;
import dev.turnout.fleet.decision.CoordinatorEvent.TimeOver;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetOutcome.Made;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetOutcome.Why;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One change of a fleet, event by event. */
final class CoordinatorTest {

    private StoreContents store = FleetFixture.store(2);
    private Coordinator change = begin(FleetFixture.order("c1", 1, "m0"));
    private List<FleetAction> actions;

    private Coordinator begin(FleetOrder order) {
        Reaction<Coordinator> reaction = Coordinator.begin(order, store);
        actions = reaction.actions();
        return reaction.next();
    }

    private void give(CoordinatorEvent event) {
        Reaction<Coordinator> reaction = change.on(event);
        change = reaction.next();
        actions = reaction.actions();
    }

    private @Nullable StoreUpdate sent() {
        return actions.stream()
                .filter(action -> action instanceof Send)
                .map(action -> ((Send) action).update())
                .findFirst()
                .orElse(null);
    }

    /** Has the store take what was sent, and reads it. */
    private void carryOut() {
        StoreContents after = ModelStore.apply(store, sent());
        assertThat(after).isNotNull();
        store = after;
        give(new Seen(store));
    }

    private void put(FleetKey key, FleetValue value) {
        store = ModelStore.with(store, key, value);
    }

    private void vote(String member) {
        put(FleetKey.armed("c1", member), new Vote(FleetFixture.SHOP, store.written(FleetKey.started(member))));
    }

    private void voteAll() {
        carryOut();
        vote("m0");
        vote("m1");
        give(new Seen(store));
    }

    private static StoreContents without(String member, StoreContents store) {
        return ModelStore.apply(
                store,
                new StoreUpdate(
                        Purpose.LEAVE, List.of(), List.of(new StoreUpdate.Edit.DeleteUnder("here/" + member + "/"))));
    }

    private Refused refusal() {
        assertThat(change.outcome()).isInstanceOf(Refused.class);
        return (Refused) change.outcome();
    }

    @Test
    @DisplayName("A change locks, waits for all votes, commits, and ends with its receipt")
    void goesThrough() {
        assertThat(sent().purpose()).isEqualTo(Purpose.LOCK);
        carryOut();
        vote("m0");
        give(new Seen(store));
        assertThat(actions).isEmpty();
        vote("m1");
        give(new Seen(store));
        assertThat(sent().purpose()).isEqualTo(Purpose.COMMIT);

        carryOut();
        assertThat(change.stage()).isEqualTo(Coordinator.Stage.DECIDED);
        put(
                FleetKey.done("c1", "m0"),
                new Done(FleetFixture.SHOP, change.order().next().revision(), "a"));
        give(new Seen(store));
        assertThat(actions).isEmpty();
        put(
                FleetKey.done("c1", "m1"),
                new Done(FleetFixture.SHOP, change.order().next().revision(), "b"));
        give(new Seen(store));
        carryOut();

        FleetReceipt receipt = ((Made) change.outcome()).receipt();
        assertThat(receipt.state()).isEqualTo(ReceiptState.DRAINED);
        assertThat(receipt.reports()).isEqualTo(Map.of("m0", "a", "m1", "b"));
        assertThat(store.intent(FleetFixture.SHOP)).isNull();
        assertThat(store.under("armed/")).isEmpty();
        assertThat(store.under("done/")).isEmpty();
    }

    @Test
    @DisplayName("The gate of each member comes before the votes, and one bad gate ends the change")
    void gated() {
        FleetOrder order = new FleetOrder(
                "c1", FleetFixture.shop(1), ChangeKind.SWITCH, true, true, new TreeSet<>(), FleetFixture.seat("m0", 1));
        change = begin(order);
        carryOut();
        put(FleetKey.ready("c1", "m0"), new Ready(FleetFixture.SHOP, ""));
        give(new Seen(store));
        assertThat(actions).isEmpty();

        put(FleetKey.ready("c1", "m1"), new Ready(FleetFixture.SHOP, ""));
        give(new Seen(store));
        assertThat(sent().purpose()).isEqualTo(Purpose.ARM);

        put(FleetKey.ready("c1", "m1"), new Ready(FleetFixture.SHOP, "500 from 127.0.0.1:9002"));
        give(new Seen(store));
        carryOut();
        assertThat(refusal())
                .isEqualTo(new Refused(Why.GATE_FAILED, new TreeMap<>(Map.of("m1", "500 from 127.0.0.1:9002"))));
    }

    @Test
    @DisplayName("A member that goes while the gates are asked ends the change at once, and is named")
    void goesDuringTheGate() {
        change = begin(new FleetOrder(
                "c1",
                FleetFixture.shop(1),
                ChangeKind.SWITCH,
                true,
                true,
                new TreeSet<>(),
                FleetFixture.seat("m0", 1)));
        carryOut();
        put(FleetKey.ready("c1", "m0"), new Ready(FleetFixture.SHOP, ""));
        store = without("m1", store);
        give(new Seen(store));
        assertThat(sent().purpose()).isEqualTo(Purpose.ABORT);
        carryOut();

        assertThat(refusal()).isEqualTo(new Refused(Why.MEMBER_MISSING, Set.of("m1")));
    }

    @Test
    @DisplayName("A member that has voted and goes is not waited for: its vote counts")
    void goesAfterItsVote() {
        carryOut();
        vote("m1");
        store = without("m1", store);
        vote("m0");
        give(new Seen(store));

        assertThat(sent().purpose()).isEqualTo(Purpose.COMMIT);
    }

    @Test
    @DisplayName("A missing member refuses a change before anything is done, unless the change leaves it out")
    void missingMember() {
        store = without("m2", FleetFixture.store(3));

        change = begin(FleetFixture.order("c1", 1, "m0"));
        assertThat(actions).isEmpty();
        assertThat(refusal()).isEqualTo(new Refused(Why.MEMBER_MISSING, Set.of("m2")));

        change = begin(FleetFixture.order("c1", 1, "m0", "m2"));
        voteAll();
        assertThat(ModelStore.apply(store, sent())).isNotNull();
    }

    @Test
    @DisplayName("A service that the fleet has not is not changed")
    void noService() {
        store = ModelStore.apply(
                FleetFixture.store(2),
                new StoreUpdate(
                        Purpose.RECOVER,
                        List.of(),
                        List.of(new StoreUpdate.Edit.Delete(FleetKey.state(FleetFixture.SHOP)))));

        change = begin(FleetFixture.order("c1", 1, "m0"));

        assertThat(actions).isEmpty();
        assertThat(refusal()).isEqualTo(new Refused(Why.NO_SERVICE, Set.of()));
    }

    @Test
    @DisplayName("Nobody is left out who is here, or who is no member")
    void leavesOutTheMissingOnly() {
        change = begin(FleetFixture.order("c1", 1, "m0", "m1"));
        assertThat(actions).isEmpty();
        assertThat(refusal()).isEqualTo(new Refused(Why.MEMBER_HERE, Set.of("m1")));

        change = begin(FleetFixture.order("c1", 1, "m0", "m1", "m7"));
        assertThat(refusal()).isEqualTo(new Refused(Why.NO_MEMBER, Set.of("m7")));
    }

    @Test
    @DisplayName("A member that was left out and has come back makes the commit fail")
    void comesBack() {
        store = without("m2", FleetFixture.store(3));
        change = begin(FleetFixture.order("c1", 1, "m0", "m2"));
        voteAll();

        put(FleetKey.started("m2"), new Started("m2.2"));

        assertThat(ModelStore.apply(store, sent())).isNull();
    }

    @Test
    @DisplayName("A receipt of a change that left a member out never says drained")
    void leftOutIsNotDrained() {
        store = without("m2", FleetFixture.store(3));
        change = begin(FleetFixture.order("c1", 1, "m0", "m2"));
        voteAll();
        carryOut();
        for (String member : List.of("m0", "m1", "m2")) {
            put(
                    FleetKey.done("c1", member),
                    new Done(FleetFixture.SHOP, change.order().next().revision(), ""));
        }
        give(new Seen(store));
        carryOut();

        assertThat(((Made) change.outcome()).receipt().state()).isEqualTo(ReceiptState.NOT_DRAINED);
    }

    @Test
    @DisplayName("The commit compares the decision before, the lock, the roster, each vote, and each start")
    void comparesAll() {
        voteAll();
        StoreUpdate commit = sent();
        for (FleetKey key : List.of(
                FleetKey.state(FleetFixture.SHOP), FleetKey.ROSTER, FleetKey.started("m0"), FleetKey.started("m1"))) {
            StoreContents other = ModelStore.with(store, key, store.entry(key).value());
            assertThat(ModelStore.apply(other, commit)).as(key.path()).isNull();
        }
        for (FleetKey key :
                List.of(FleetKey.change(FleetFixture.SHOP), FleetKey.armed("c1", "m0"), FleetKey.armed("c1", "m1"))) {
            StoreContents other = ModelStore.apply(
                    store, new StoreUpdate(Purpose.LEAVE, List.of(), List.of(new StoreUpdate.Edit.Delete(key))));
            assertThat(ModelStore.apply(other, commit)).as(key.path()).isNull();
        }
    }

    @Test
    @DisplayName("A member that is slow ends the change, and is named")
    void slowMember() {
        carryOut();
        vote("m0");
        give(new TimeOver());
        give(new Seen(store));
        assertThat(sent().purpose()).isEqualTo(Purpose.ABORT);
        carryOut();

        assertThat(refusal()).isEqualTo(new Refused(Why.MEMBER_SLOW, Set.of("m1")));
    }

    @Test
    @DisplayName("A change that was decided while it was given up is reported as made")
    void decidedWhileGivenUp() {
        voteAll();
        StoreUpdate commit = sent();
        give(new TimeOver());
        give(new Seen(store));
        StoreUpdate abort = sent();
        store = ModelStore.apply(store, commit);

        assertThat(ModelStore.apply(store, abort)).isNull();
        give(new Seen(store));
        assertThat(change.stage()).isEqualTo(Coordinator.Stage.DECIDED);
    }

    @Test
    @DisplayName("A withdrawn vote ends the change, and those are named that it has waited for")
    void withdrawnVote() {
        store = FleetFixture.store(3);
        change = begin(FleetFixture.order("c1", 1, "m0"));
        carryOut();
        vote("m0");
        put(FleetKey.refused("c1", "m1"), new Refusal(FleetFixture.SHOP, RefusalReason.WITHDRAWN));
        give(new Seen(store));
        carryOut();

        assertThat(refusal()).isEqualTo(new Refused(Why.MEMBER_SLOW, Set.of("m2")));
    }

    @ParameterizedTest
    @CsvSource({"LEAVING, MEMBER_LEAVING, m1", "FORMAT, MEMBER_OLD, m1", "WITHDRAWN, MEMBER_SLOW, m0"})
    @DisplayName("A refusal says why")
    void saysWhy(RefusalReason reason, Why why, String member) {
        carryOut();
        put(FleetKey.refused("c1", "m1"), new Refusal(FleetFixture.SHOP, reason));
        give(new Seen(store));
        carryOut();

        assertThat(refusal()).isEqualTo(new Refused(why, Set.of(member)));
    }

    @Test
    @DisplayName("A second change is told who holds the lock")
    void busy() {
        carryOut();
        change = begin(FleetFixture.order("c2", 1, "m1"));
        assertThat(refusal()).isEqualTo(new Refused(Why.BUSY, Set.of("m0")));
    }

    @Test
    @DisplayName("A lock that another change was faster to take is reported as busy")
    void lostTheRace() {
        StoreUpdate mine = sent();
        Coordinator other =
                Coordinator.begin(FleetFixture.order("c2", 1, "m1"), store).next();
        store = ModelStore.apply(store, ChangeUpdates.lock(other.order(), store));
        assertThat(ModelStore.apply(store, mine)).isNull();

        give(new BeginRefused(store));
        assertThat(refusal()).isEqualTo(new Refused(Why.BUSY, Set.of("m1")));
    }

    @Test
    @DisplayName("A lock that etcd says nothing of is not asked for twice: the change ends, and a late lock is freed")
    void lockWithoutAnswer() {
        StoreUpdate late = sent();
        give(new Seen(store));
        assertThat(change.stage()).as("it may be on its way").isEqualTo(Coordinator.Stage.LOCKING);

        give(new BeginLost(store));
        assertThat(actions).isEmpty();
        assertThat(refusal()).isEqualTo(new Refused(Why.LOCK_NOT_TAKEN, Set.of()));

        store = ModelStore.apply(store, late);
        StoreUpdate free = Coordinator.freeLock(FleetFixture.seat("m0", 1), Set.of(), store);
        assertThat(ModelStore.apply(store, free).intent(FleetFixture.SHOP)).isNull();
    }

    @Test
    @DisplayName("A lock that was taken although its answer was lost goes on")
    void lockWithLostAnswer() {
        store = ModelStore.apply(store, sent());
        give(new BeginLost(store));
        assertThat(change.stage()).isEqualTo(Coordinator.Stage.OPEN);
    }

    @Test
    @DisplayName("A change without votes that etcd says nothing of is sent again until it is known, and is made once")
    void plainWithoutAnswer() {
        change = begin(plain("c2", 1));
        StoreUpdate first = sent();
        give(new BeginLost(store));
        assertThat(sent()).isEqualTo(first);

        store = ModelStore.apply(store, first);
        assertThat(ModelStore.apply(store, first)).as("a second time").isNull();
        give(new BeginRefused(store));
        assertThat(change.stage()).isEqualTo(Coordinator.Stage.DECIDED);

        store = FleetFixture.store(2);
        change = begin(plain("c2", 1));
        give(new TimeOver());
        give(new Seen(store));
        assertThat(change.outcome()).as("it may be made yet").isNull();
        give(new BeginLost(store));
        assertThat(actions).isEmpty();
        assertThat(refusal().why()).isEqualTo(Why.NOT_KNOWN);
    }

    private static FleetOrder plain(String change, int epoch) {
        return new FleetOrder(
                change,
                FleetFixture.shop(epoch),
                ChangeKind.PLAIN,
                true,
                false,
                new TreeSet<>(),
                FleetFixture.seat("m1", 1));
    }

    @Test
    @DisplayName("A change without votes is one transaction, and none while another change has the lock")
    void plain() {
        FleetOrder order = plain("c2", 1);
        Coordinator first = change;
        change = begin(order);
        StoreUpdate plain = sent();
        assertThat(ModelStore.apply(ModelStore.apply(store, ChangeUpdates.lock(first.order(), store)), plain))
                .isNull();

        carryOut();
        assertThat(change.stage()).isEqualTo(Coordinator.Stage.DECIDED);
        for (String member : List.of("m0", "m1")) {
            put(
                    FleetKey.done("c2", member),
                    new Done(FleetFixture.SHOP, order.next().revision(), "a"));
        }
        give(new Seen(store));
        carryOut();
        assertThat(change.outcome()).isInstanceOf(Made.class);
        assertThat(store.under("done/")).as("what nobody reads again").isEmpty();

        change = begin(plain("c3", 2));
        put(FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(2, "c4"));
        give(new BeginRefused(store));
        assertThat(refusal().why()).isEqualTo(Why.OVERTAKEN);
    }

    @Test
    @DisplayName("Two services change in one update, or neither does")
    void twoServices() {
        voteAll();
        StoreUpdate both = sent().and(new StoreUpdate(
                Purpose.COMMIT, List.of(StoreUpdate.Condition.absent(FleetKey.FLEET)), List.of()));
        assertThat(ModelStore.apply(store, both)).isNotNull();
        put(FleetKey.FLEET, new Started(""));
        assertThat(ModelStore.apply(store, both)).isNull();
    }

    @Test
    @DisplayName("However much earlier changes have left, a lock is one update that etcd takes")
    void manyLeftOvers() {
        for (int i = 0; i < 300; i++) {
            put(FleetKey.done("old" + i, "m0"), new Done(FleetFixture.SHOP, 0, "a"));
        }
        StoreUpdate lock = ChangeUpdates.lock(change.order(), store);

        assertThat(lock.then()).hasSizeLessThanOrEqualTo(8);
        assertThat(ModelStore.apply(store, lock).under("done/")).hasSize(293);
    }

    @Test
    @DisplayName("A lock that an ended process has left is freed by the next process of its member")
    void orphanedLock() {
        carryOut();
        Seat later = FleetFixture.seat("m0", 2);
        assertThat(Coordinator.freeLock(FleetFixture.seat("m0", 1), Set.of("c1"), store))
                .isNull();
        assertThat(Coordinator.freeLock(FleetFixture.seat("m1", 1), Set.of(), store))
                .isNull();

        assertThat(Coordinator.freeLock(later, Set.of(), store))
                .as("the process before leads on until it has gone")
                .isNull();

        store = without("m0", store);
        StoreUpdate free = Coordinator.freeLock(later, Set.of(), store);
        assertThat(ModelStore.apply(store, free).intent(FleetFixture.SHOP)).isNull();
    }

    @Test
    @DisplayName("The kind of a change follows from what changes")
    void kinds() {
        assertThat(ChangeKind.of(FleetFixture.shop(0), FleetFixture.shop(1))).isEqualTo(ChangeKind.SWITCH);
        assertThat(ChangeKind.of(FleetFixture.shop(0), FleetFixture.shop(2))).isEqualTo(ChangeKind.PLAIN);
        assertThat(ChangeKind.PLAIN.needsVotes()).isFalse();
        assertThat(ChangeKind.CANARY.needsVotes()).isTrue();
    }
}
