package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.CoordinatorEvent.BeginRefused;
import dev.turnout.fleet.decision.CoordinatorEvent.Seen;
import dev.turnout.fleet.decision.CoordinatorEvent.TimeOver;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.FleetOutcome.Why;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import dev.turnout.routing.Service;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One change of two services, event by event. */
final class JointCoordinatorTest {

    private static final String API = "api";
    private static final List<String> MEMBERS = List.of("m0", "m1");
    private static final List<String> SERVICES = List.of(API, FleetFixture.SHOP);

    private StoreContents store =
            ModelStore.with(FleetFixture.store(2), FleetKey.state(API), new Decision(api(0), "c0"));
    private JointCoordinator change;
    private List<FleetAction> actions = List.of();

    private static Service api(int epoch) {
        return FleetFixture.service(API, epoch);
    }

    private static FleetOrder order(String service, String change, boolean isGated) {
        Service next = service.equals(API) ? api(1) : FleetFixture.shop(1);
        Seat seat = new Seat(service, "m0", "m0.1", 1);
        return new FleetOrder(change, next, ChangeKind.SWITCH, true, isGated, new TreeSet<>(), seat);
    }

    private void begin(boolean isGated) {
        take(JointCoordinator.begin(
                List.of(order(API, "c1", isGated), order(FleetFixture.SHOP, "c2", isGated)), store));
    }

    private void give(CoordinatorEvent event) {
        take(change.on(event));
    }

    private void take(Reaction<JointCoordinator> reaction) {
        change = reaction.next();
        actions = reaction.actions();
    }

    private List<StoreUpdate> sent() {
        return actions.stream()
                .flatMap(action -> action instanceof Send send ? Stream.of(send.update()) : Stream.empty())
                .toList();
    }

    private StoreUpdate only(Purpose purpose) {
        assertThat(sent()).extracting(StoreUpdate::purpose).containsExactly(purpose);
        return sent().get(0);
    }

    /** Has the store take what was sent, and reads it. */
    private void carryOut() {
        for (StoreUpdate update : sent()) {
            StoreContents after = ModelStore.apply(store, update);
            assertThat(after).isNotNull();
            store = after;
        }
        give(new Seen(store));
    }

    private void put(FleetKey key, FleetValue value) {
        store = ModelStore.with(store, key, value);
    }

    private static String changeOf(String service) {
        return service.equals(API) ? "c1" : "c2";
    }

    private void vote(String service, String member) {
        put(FleetKey.armed(changeOf(service), member), new Vote(service, store.written(FleetKey.started(member))));
    }

    private void voteAll() {
        SERVICES.forEach(service -> MEMBERS.forEach(member -> vote(service, member)));
        give(new Seen(store));
    }

    private boolean isDecided(String service) {
        return store.decision(service).change().equals(changeOf(service));
    }

    @Test
    @DisplayName(
            "Both services are locked in one update, decided in one when all have voted on both, and end by themselves")
    void goesThrough() {
        begin(false);
        only(Purpose.LOCK);
        carryOut();
        assertThat(store.intent(API)).isNotNull();
        assertThat(store.intent(FleetFixture.SHOP)).isNotNull();
        MEMBERS.forEach(member -> vote(API, member));
        give(new Seen(store));
        assertThat(actions).isEmpty();

        voteAll();
        only(Purpose.COMMIT);
        carryOut();
        assertThat(isDecided(API) && isDecided(FleetFixture.SHOP)).isTrue();
        assertThat(change.isDecided()).isTrue();

        for (String service : SERVICES) {
            for (String member : MEMBERS) {
                put(FleetKey.done(changeOf(service), member), new Done(service, api(1).revision(), ""));
            }
            give(new Seen(store));
            only(Purpose.CLOSE);
            carryOut();
        }
        assertThat(change.isOver()).isTrue();
        assertThat(change.isDecided()).isTrue();
        assertThat(store.under("armed/")).isEmpty();
        assertThat(store.under("change/")).isEmpty();
    }

    @Test
    @DisplayName("No service is armed before the gates of all have passed")
    void gatesOfAll() {
        begin(true);
        carryOut();
        MEMBERS.forEach(member -> put(FleetKey.ready("c1", member), new Ready(API, "")));
        give(new Seen(store));
        assertThat(actions).isEmpty();

        MEMBERS.forEach(member -> put(FleetKey.ready("c2", member), new Ready(FleetFixture.SHOP, "")));
        give(new Seen(store));
        only(Purpose.ARM);
    }

    @ParameterizedTest
    @CsvSource({
        "state/api",
        "change/api",
        "armed/c1/m1",
        "state/shop",
        "change/shop",
        "armed/c2/m0",
        "roster",
        "started/m1"
    })
    @DisplayName("What stops the decision of one service stops that of both")
    void comparesAll(String key) {
        begin(false);
        carryOut();
        voteAll();
        StoreUpdate commit = only(Purpose.COMMIT);
        TreeMap<FleetKey, StoreContents.Entry> other = new TreeMap<>(store.entries());
        other.remove(new FleetKey(key));

        assertThat(ModelStore.apply(store, commit)).isNotNull();
        assertThat(ModelStore.apply(new StoreContents(store.life(), other), commit))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {API, FleetFixture.SHOP})
    @DisplayName("A no to one service gives up both, and is what the caller is told")
    void oneNo(String against) {
        begin(false);
        carryOut();
        put(FleetKey.refused(changeOf(against), "m1"), new Refusal(against, RefusalReason.LEAVING));
        give(new Seen(store));
        while (!sent().isEmpty()) {
            carryOut();
        }
        give(new Seen(store));
        while (!sent().isEmpty()) {
            carryOut();
        }

        assertThat(change.isOver()).isTrue();
        assertThat(change.isDecided()).isFalse();
        assertThat(change.refused()).isEqualTo(against);
        assertThat(change.parts().get(against).outcome())
                .isEqualTo(new Refused(Why.MEMBER_LEAVING, new TreeMap<>(Map.of("m1", ""))));
        assertThat(store.under("change/")).isEmpty();
        assertThat(isDecided(API) || isDecided(FleetFixture.SHOP)).isFalse();
    }

    @Test
    @DisplayName("A service that another change holds refuses both, with nothing done")
    void oneIsBusy() {
        StoreUpdate other = ChangeUpdates.lock(order(FleetFixture.SHOP, "c3", false), store);
        begin(false);
        StoreUpdate lock = only(Purpose.LOCK);
        store = ModelStore.apply(store, other);
        assertThat(ModelStore.apply(store, lock)).isNull();

        give(new BeginRefused(store));
        assertThat(change.isOver()).isTrue();
        assertThat(change.refused()).isEqualTo(FleetFixture.SHOP);
        assertThat(sent()).isEmpty();

        begin(false);
        assertThat(change.isOver()).isTrue();
        assertThat(change.refused()).isEqualTo(FleetFixture.SHOP);
        assertThat(actions).isEmpty();
    }

    @Test
    @DisplayName("A decision that was on its way while the change was given up is reported as made, of both")
    void decidedWhileGivenUp() {
        begin(false);
        carryOut();
        voteAll();
        StoreUpdate commit = only(Purpose.COMMIT);
        give(new TimeOver());
        give(new Seen(store));
        List<StoreUpdate> aborts = sent();
        assertThat(aborts).hasSize(2);
        store = ModelStore.apply(store, commit);

        aborts.forEach(abort -> assertThat(ModelStore.apply(store, abort)).isNull());
        give(new Seen(store));
        assertThat(change.isDecided()).isTrue();
    }

    @Test
    @DisplayName("A change that was given up in one service is never made in the other one")
    void halfGivenUp() {
        begin(false);
        carryOut();
        voteAll();
        StoreUpdate commit = only(Purpose.COMMIT);
        give(new TimeOver());
        give(new Seen(store));
        store = ModelStore.apply(store, sent().get(0));

        assertThat(ModelStore.apply(store, commit)).isNull();
        give(new Seen(store));
        only(Purpose.ABORT);
        carryOut();
        assertThat(change.isOver()).isTrue();
        assertThat(change.isDecided()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "3, 16", "10, 9", "20, 4", "60, 1"})
    @DisplayName("The more members there are, the fewer services fit into one decision")
    void mostServices(int members, int services) {
        assertThat(JointCoordinator.mostServices(members)).isEqualTo(services);
        assertThat((services + 1) * (2 + members) + 1 + members > 128 || services == 16)
                .isTrue();
    }
}
