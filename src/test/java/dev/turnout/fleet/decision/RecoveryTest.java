package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.ParticipantEvent.Accepted;
import dev.turnout.fleet.decision.ParticipantEvent.Seen;
import dev.turnout.routing.Slot;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A store at epoch 0 after it was put back, with members that have applied epochs 0 and 1. */
final class RecoveryTest {

    private static final String SHOP = FleetFixture.SHOP;

    private StoreContents store = FleetFixture.store(2);
    private final SortedMap<String, SortedMap<String, Decision>> told = new TreeMap<>();

    private void told(String member, Decision decision) {
        told.put(member, new TreeMap<>(Map.of(SHOP, decision)));
    }

    private StoreContents recovered(Recovery recovery) {
        return ModelStore.apply(store, recovery.update("r1", Map.of("m0", "a0", "m1", "a1"), new TreeSet<>(), store));
    }

    @Test
    @DisplayName("The highest decision that a member has applied holds, with a revision that is higher than any")
    void highest() {
        told("m0", FleetFixture.decision(1, "c1"));
        told("m1", FleetFixture.decision(0, "c0"));

        Recovery recovery = Recovery.of(told, store);
        StoreContents after = recovered(recovery);

        assertThat(recovery.services().get(SHOP).members()).containsExactly("m0");
        assertThat(recovery.against(told)).isEmpty();
        Decision made = after.decision(SHOP);
        assertThat(made.service().active()).isEqualTo(Slot.GREEN);
        assertThat(made.epoch()).isEqualTo(FleetFixture.shop(1).revision() + Recovery.STEP);
        assertThat(after.roster()).containsExactly("m0", "m1");
    }

    @Test
    @DisplayName("A decision that only the store has is not lost, if it is higher than those of the members")
    void storeIsAhead() {
        told("m0", FleetFixture.decision(0, "c0"));
        store = ModelStore.with(store, FleetKey.state(SHOP), FleetFixture.decision(2, "c2"));

        Recovery recovery = Recovery.of(told, store);

        assertThat(FleetFixture.epoch(recovery.services().get(SHOP).decision())).isEqualTo(2);
        assertThat(recovery.services().get(SHOP).members()).isEmpty();
    }

    @Test
    @DisplayName("Two decisions of one revision are for a person to choose from")
    void forked() {
        told("m0", FleetFixture.decision(1, "c1"));
        told("m1", FleetFixture.decision(1, "c9"));

        assertThat(Recovery.of(told, store).against(told))
                .isEqualTo(Map.of(SHOP, new TreeSet<>(java.util.Set.of("m1"))));
    }

    @Test
    @DisplayName("Locks and votes that a backup has brought back count no more")
    void oldLocks() {
        told("m0", FleetFixture.decision(0, "c0"));
        Intent old = new Intent(
                "c5",
                FleetFixture.shop(0).revision(),
                ChangeKind.SWITCH,
                true,
                IntentStep.ARM,
                "m0",
                "m0.1",
                1,
                FleetFixture.shop(1));
        store = ModelStore.with(store, FleetKey.change(SHOP), old);
        for (String member : new String[] {"m0", "m1"}) {
            store = ModelStore.with(
                    store, FleetKey.armed("c5", member), new Vote(SHOP, store.written(FleetKey.started(member))));
        }
        FleetOrder order = FleetFixture.order("c5", 1, "m0");
        StoreUpdate commit = ChangeUpdates.commit(order, store.roster(), new TreeMap<>(), store);
        assertThat(ModelStore.apply(store, commit)).isNotNull();

        StoreContents after = recovered(Recovery.of(told, store));

        assertThat(ModelStore.apply(after, commit)).isNull();
        assertThat(after.under("armed/")).isEmpty();
        assertThat(after.intent(SHOP)).isNull();
    }

    @Test
    @DisplayName("A store that was changed meanwhile is told nothing, and is told once only")
    void comparesAll() {
        told("m0", FleetFixture.decision(1, "c1"));
        StoreUpdate update = Recovery.of(told, store).update("r1", Map.of("m0", ""), new TreeSet<>(), store);

        for (FleetKey key : new FleetKey[] {FleetKey.ROSTER, FleetKey.state(SHOP)}) {
            StoreContents other = ModelStore.with(store, key, store.entry(key).value());
            assertThat(ModelStore.apply(other, update)).as(key.path()).isNull();
        }
        StoreContents after = ModelStore.apply(store, update);
        assertThat(ModelStore.apply(after, update)).isNull();
    }

    @Test
    @DisplayName(
            "A member believes a recovered store as soon as it has a higher decision of every service, or the very one that the member has, and not before")
    void believed() {
        told("m0", FleetFixture.decision(1, "c1"));
        Decision own = FleetFixture.decision(1, "c1");
        assertThat(Recovery.believable(store, Map.of(SHOP, own))).isEmpty();
        StoreContents after = recovered(Recovery.of(told, store));
        Decision made = after.decision(SHOP);

        assertThat(Recovery.believable(after, Map.of(SHOP, own))).contains("r1");
        assertThat(Recovery.believable(after, Map.of(SHOP, made)))
                .as("another member has told it of the decision")
                .contains("r1");
        assertThat(Recovery.believable(after, Map.of(SHOP, new Decision(made.service(), "another"))))
                .isEmpty();
        assertThat(Recovery.believable(after, Map.of(SHOP, own, "api", own))).isEmpty();
        assertThat(Recovery.last(after)).contains("r1");
    }

    @Test
    @DisplayName("A member that was bound by a vote of the lost store takes over what holds, and is bound no more")
    void bound() {
        told("m0", FleetFixture.decision(1, "c1"));
        OwnRecord disk = new OwnRecord(FleetFixture.decision(0, "c0"), new FleetAction.Armed("c1", true));
        Participant member =
                Participant.started(FleetFixture.seat("m1", 1), "before", disk).next();
        StoreContents after = recovered(Recovery.of(told, store));
        assertThat(member.on(new Seen(after)).next().bound()).isNotNull();

        Participant accepted = member.on(new Accepted(after.life())).next();
        Participant next = accepted.on(new Seen(after)).next();

        assertThat(next.bound()).isNull();
        assertThat(next.decision()).isEqualTo(after.decision(SHOP));
    }
}
