package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetAction.Armed;
import dev.turnout.fleet.decision.FleetAction.AskPeers;
import dev.turnout.fleet.decision.FleetAction.Await;
import dev.turnout.fleet.decision.FleetAction.Disbelieve;
import dev.turnout.fleet.decision.FleetAction.Doubt;
import dev.turnout.fleet.decision.FleetAction.Drain;
import dev.turnout.fleet.decision.FleetAction.Hold;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetAction.Publish;
import dev.turnout.fleet.decision.FleetAction.Read;
import dev.turnout.fleet.decision.FleetAction.Record;
import dev.turnout.fleet.decision.FleetAction.Release;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.ParticipantEvent.AppliedByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Drained;
import dev.turnout.fleet.decision.ParticipantEvent.GivenUpByPeer;
import dev.turnout.fleet.decision.ParticipantEvent.Leaving;
import dev.turnout.fleet.decision.ParticipantEvent.PatienceOver;
import dev.turnout.fleet.decision.ParticipantEvent.RecordFailed;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import dev.turnout.fleet.decision.ParticipantEvent.ServeInDoubt;
import dev.turnout.fleet.decision.ParticipantEvent.StartAlone;
import dev.turnout.fleet.decision.ParticipantEvent.Unreachable;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A member of a fleet, event by event. What all members do together is explored by the explorer. */
final class ParticipantTest {

    private static final Decision BLUE = FleetFixture.decision(0, "c0");
    private static final Decision GREEN = FleetFixture.decision(1, "c1");

    private StoreContents store = FleetFixture.store(2);
    private Participant member = confirmed(BLUE);
    private List<FleetAction> actions = List.of();

    private Participant confirmed(Decision decision) {
        Participant started = Participant.started(
                        FleetFixture.seat("m0", 1), FleetFixture.LIFE, new OwnRecord(decision, null))
                .next();
        return started.on(new StartAlone()).next();
    }

    private void give(ParticipantEvent event) {
        Reaction<Participant> reaction = member.on(event);
        member = reaction.next();
        actions = reaction.actions();
    }

    private void see() {
        give(new Seen(store));
    }

    private void put(FleetKey key, FleetValue value) {
        store = ModelStore.with(store, key, value);
    }

    private void begin(ChangeKind kind, boolean strict, int format) {
        put(
                FleetKey.change(FleetFixture.SHOP),
                new Intent("c1", BLUE.epoch(), kind, strict, IntentStep.ARM, "m1", "m1.1", format, GREEN.service()));
    }

    private void vote() {
        begin(ChangeKind.SWITCH, true, 1);
        see();
        store = ModelStore.apply(store, sent());
    }

    private StoreUpdate sent() {
        return actions.stream()
                .filter(action -> action instanceof Send)
                .map(action -> ((Send) action).update())
                .findFirst()
                .orElseThrow();
    }

    private void settleApplied() {
        see();
        store = ModelStore.apply(store, sent());
        see();
    }

    @Test
    @DisplayName("A member writes its vote to the disk, then holds, then sends the vote, then begins to wait")
    void votes() {
        begin(ChangeKind.SWITCH, true, 1);

        see();

        assertThat(actions).hasSize(4);
        assertThat(actions.get(0)).isEqualTo(new Record(new OwnRecord(BLUE, new Armed("c1", true))));
        assertThat(actions.get(1)).isEqualTo(new Hold());
        assertThat(((Send) actions.get(2)).update().purpose()).isEqualTo(Purpose.VOTE);
        assertThat(actions.get(3)).isEqualTo(new Await("c1"));
    }

    @Test
    @DisplayName("A fast fleet votes and does not hold, but a pause always holds")
    void fast() {
        begin(ChangeKind.SWITCH, false, 1);
        see();
        assertThat(actions).doesNotContain(new Hold());

        member = confirmed(BLUE);
        store = FleetFixture.store(2);
        begin(ChangeKind.PAUSE, false, 1);
        see();
        assertThat(actions).contains(new Hold());
    }

    @Test
    @DisplayName("A member that leaves, or can't read the next decision, says no and goes on")
    void saysNo() {
        begin(ChangeKind.SWITCH, true, 2);
        see();
        assertThat(sent().purpose()).isEqualTo(Purpose.REFUSE);
        assertThat(member.isHolding()).isFalse();

        begin(ChangeKind.SWITCH, true, 1);
        give(new Leaving(true));
        see();
        assertThat(sent().purpose()).isEqualTo(Purpose.REFUSE);
        assertThat(actions).hasSize(1);

        give(new Leaving(false));
        see();
        assertThat(sent().purpose()).isEqualTo(Purpose.VOTE);
    }

    @Test
    @DisplayName("A decision is on the disk before requests are routed by it, and before it is acknowledged")
    void applies() {
        vote();
        put(FleetKey.state(FleetFixture.SHOP), GREEN);

        see();

        assertThat(actions).hasSize(3);
        assertThat(actions.get(0)).isEqualTo(new Record(new OwnRecord(GREEN, null)));
        assertThat(actions.get(1)).isEqualTo(new Publish(GREEN));
        assertThat(sent().purpose()).isEqualTo(Purpose.APPLIED);
        assertThat(member.bound()).isNull();
    }

    @Test
    @DisplayName("A vote whose patience is over is withdrawn, and the member holds until the store has the withdrawal")
    void withdraws() {
        vote();

        give(new PatienceOver("c1"));
        assertThat(actions).containsExactly(new Read());
        see();
        assertThat(sent().purpose()).isEqualTo(Purpose.WITHDRAW);
        assertThat(member.isHolding()).isTrue();

        store = ModelStore.apply(store, sent());
        see();
        assertThat(actions).containsExactly(new Record(new OwnRecord(BLUE, null)), new Release());
        assertThat(member.isHolding()).isFalse();
    }

    @Test
    @DisplayName("A withdrawal that comes after the decision fails")
    void withdrawsTooLate() {
        vote();
        give(new PatienceOver("c1"));
        see();
        StoreUpdate withdrawal = sent();
        put(FleetKey.state(FleetFixture.SHOP), GREEN);

        assertThat(ModelStore.apply(store, withdrawal)).isNull();
    }

    @Test
    @DisplayName("A vote counts neither after its withdrawal nor for a process that was started after it")
    void lateVotes() {
        begin(ChangeKind.SWITCH, true, 1);
        see();
        StoreUpdate vote = sent();
        StoreContents withdrawn = ModelStore.with(
                store, FleetKey.refused("c1", "m0"), new Refusal(FleetFixture.SHOP, RefusalReason.WITHDRAWN));
        assertThat(ModelStore.apply(withdrawn, vote)).isNull();

        store = ModelStore.apply(store, vote);
        assertThat(store.vote("c1", "m0")).isNotNull();
        put(FleetKey.started("m0"), new Started("m0.2"));
        assertThat(store.vote("c1", "m0")).isNull();
        assertThat(ModelStore.apply(store, vote)).isNull();
    }

    @Test
    @DisplayName("A late time-out of a vote that is settled does nothing")
    void lateTimeOut() {
        vote();
        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        see();

        give(new PatienceOver("c1"));
        assertThat(actions).isEmpty();
        give(new ServeInDoubt("c1"));
        assertThat(actions).isEmpty();
    }

    @Test
    @DisplayName("A member in doubt asks its peers, and takes a peer's decision for a proof")
    void peers() {
        vote();

        give(new Unreachable());
        assertThat(actions).containsExactly(new AskPeers());
        give(new AppliedByPeer(GREEN));
        assertThat(actions).contains(new Publish(GREEN));
    }

    @Test
    @DisplayName("A member in doubt goes on when a peer knows that the change was given up, and no other one")
    void givenUp() {
        vote();

        give(new GivenUpByPeer("c0"));
        assertThat(actions).isEmpty();
        give(new GivenUpByPeer("c1"));
        assertThat(actions).containsExactly(new Record(new OwnRecord(BLUE, null)), new Release());
        assertThat(member.bound()).isNull();
    }

    @Test
    @DisplayName("A process that has not read the store takes a peer's decision, and does not open its front for that")
    void peersAtTheStart() {
        member = Participant.started(
                        FleetFixture.seat("m0", 2), FleetFixture.LIFE, new OwnRecord(BLUE, new Armed("c1", true)))
                .next();

        give(new Unreachable());
        assertThat(actions).containsExactly(new AskPeers());
        give(new AppliedByPeer(GREEN));
        assertThat(actions).contains(new Publish(GREEN));
        assertThat(member.confirmed()).isFalse();
    }

    @Test
    @DisplayName("A member in doubt that serves on is bound nevertheless, and learns the decision later")
    void inDoubt() {
        vote();

        give(new ServeInDoubt("c1"));
        assertThat(actions).containsExactly(new Release());
        assertThat(member.bound()).isNotNull();

        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        see();
        assertThat(actions).contains(new Publish(GREEN));
    }

    @Test
    @DisplayName("A member that was bound when it ended starts bound, and neither serves nor votes before it knows")
    void restartsBound() {
        Reaction<Participant> started = Participant.started(
                FleetFixture.seat("m0", 2), FleetFixture.LIFE, new OwnRecord(BLUE, new Armed("c1", true)));
        assertThat(started.actions()).containsExactly(new Hold(), new Await("c1"));
        member = started.next();
        begin(ChangeKind.SWITCH, true, 1);

        see();
        assertThat(actions).isEmpty();
        give(new StartAlone());
        assertThat(actions).isEmpty();

        put(FleetKey.started("m0"), new Started("m0.2"));
        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        see();
        assertThat(actions).contains(new Publish(GREEN));
    }

    @Test
    @DisplayName("A process reads nothing that counts before it has said that it is here")
    void saysFirstThatItIsHere() {
        member = Participant.started(FleetFixture.seat("m0", 2), FleetFixture.LIFE, new OwnRecord(BLUE, null))
                .next();
        see();
        assertThat(member.confirmed()).isFalse();

        put(FleetKey.started("m0"), new Started("m0.2"));
        see();
        assertThat(actions).containsExactly(new Release());
    }

    @Test
    @DisplayName("A vote that can't be written to the disk is withdrawn")
    void voteNotWritten() {
        begin(ChangeKind.SWITCH, true, 1);
        see();

        give(new RecordFailed());
        see();
        assertThat(sent().purpose()).isEqualTo(Purpose.WITHDRAW);
    }

    @Test
    @DisplayName("A decision that can't be written is served, and neither acknowledged nor reported as drained")
    void decisionNotWritten() {
        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        see();

        give(new RecordFailed());
        assertThat(actions).containsExactly(new Publish(GREEN));
        give(new Drained(GREEN.epoch(), ""));
        assertThat(actions).isEmpty();

        see();
        assertThat(actions.get(0)).isEqualTo(new Record(new OwnRecord(GREEN, null)));
        assertThat(sent().purpose()).isEqualTo(Purpose.APPLIED);
    }

    @Test
    @DisplayName("A member drains as long as the receipt is open and does not have its report")
    void drains() {
        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        put(
                FleetKey.receipt(FleetFixture.SHOP, GREEN.epoch()),
                new FleetReceipt("c1", ReceiptState.OPEN, Collections.emptySortedSet(), new TreeMap<>()));
        settleApplied();
        assertThat(actions).containsExactly(new Drain(GREEN));

        give(new Drained(GREEN.epoch(), "3 cut"));
        store = ModelStore.apply(store, sent());
        see();
        assertThat(actions).isEmpty();
    }

    @Test
    @DisplayName(
            "A member does not believe a store of another life, an empty one, an older one, or one that decided otherwise")
    void disbelieves() {
        give(new Seen(new StoreContents("second", store.entries())));
        assertThat(actions).containsExactly(new Disbelieve(Doubt.ANOTHER_LIFE));

        give(new Seen(new StoreContents(FleetFixture.LIFE, new TreeMap<>())));
        assertThat(actions).containsExactly(new Disbelieve(Doubt.EMPTY));

        put(FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(0, "c9"));
        see();
        assertThat(actions).containsExactly(new Disbelieve(Doubt.FORKED));

        put(FleetKey.state(FleetFixture.SHOP), GREEN);
        see();
        put(FleetKey.state(FleetFixture.SHOP), BLUE);
        see();
        assertThat(actions).containsExactly(new Disbelieve(Doubt.WENT_BACK));

        give(new ParticipantEvent.Accepted("second"));
        put(FleetKey.state(FleetFixture.SHOP), FleetFixture.decision(2, "c2"));
        give(new Seen(new StoreContents("second", store.entries())));
        assertThat(FleetFixture.epoch(member.decision())).isEqualTo(2);
    }
}
