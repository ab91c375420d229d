package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A service {@code shop} in a fleet of members {@code m0}, {@code m1} and so on. Epoch 0 is its first one. */
final class FleetFixture {

    static final String SHOP = "shop";
    static final String LIFE = "first";

    /** The revision of a service at epoch 0: there are lower ones. */
    private static final long FIRST = 2;

    private static final List<Service> SERVICES = services();

    private FleetFixture() {}

    private static List<Service> services() {
        List<Service> services = new ArrayList<>();
        for (int epoch = -1; epoch < 5; epoch++) {
            services.add(new Service(
                    SHOP,
                    epoch % 2 == 0 ? Slot.BLUE : Slot.GREEN,
                    Optional.empty(),
                    Pool.of(List.of(Target.parse("127.0.0.1:9001"))),
                    Pool.of(List.of(Target.parse("127.0.0.1:9002"))),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    epoch + FIRST,
                    Instant.EPOCH,
                    "",
                    SlotReleases.NONE));
        }
        return services;
    }

    /** Returns the shop in an epoch, as a service of another name. */
    static Service service(String name, int epoch) {
        Service shop = shop(epoch);
        return new Service(
                name,
                shop.active(),
                shop.previous(),
                shop.blue(),
                shop.green(),
                shop.canary(),
                shop.paused(),
                shop.maintenance(),
                shop.revision(),
                shop.since(),
                shop.why(),
                shop.releases());
    }

    /** Returns the service at an epoch: blue serves in the even ones. */
    static Service shop(int epoch) {
        return SERVICES.get(epoch + 1);
    }

    /** Returns the epoch of a decision. A recovery makes the same one once more, with a higher revision. */
    static int epoch(Decision decision) {
        return epoch(decision.epoch());
    }

    private static int epoch(long revision) {
        return (int) ((revision - FIRST) % Recovery.STEP);
    }

    /** Returns the epoch of the decision whose receipt has a key. */
    static int epochOfReceipt(FleetKey key) {
        return epoch(revisionOfReceipt(key));
    }

    /** Returns the revision of the decision whose receipt has a key. */
    static long revisionOfReceipt(FleetKey key) {
        String path = key.path();
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    static Decision decision(int epoch, String change) {
        return new Decision(shop(epoch), change);
    }

    static Seat seat(String member, int start) {
        return new Seat(SHOP, member, member + "." + start, 1);
    }

    static FleetOrder order(String change, int next, String coordinator, String... leftOut) {
        return new FleetOrder(
                change,
                shop(next),
                ChangeKind.SWITCH,
                true,
                false,
                new TreeSet<>(List.of(leftOut)),
                seat(coordinator, 1));
    }

    /** Returns a store at epoch 0 with members that are here. */
    static StoreContents store(int members) {
        StoreContents store = new StoreContents(LIFE, new TreeMap<>());
        store = ModelStore.with(store, FleetKey.state(SHOP), decision(0, "c0"));
        Roster roster = new Roster(new TreeMap<>());
        for (int i = 0; i < members; i++) {
            String member = "m" + i;
            roster = roster.with(member, "");
            store = ModelStore.with(store, FleetKey.here(member, member + ".1"), new Here(member + ".1"));
            store = ModelStore.with(store, FleetKey.started(member), new Started(member + ".1"));
        }
        return ModelStore.with(store, FleetKey.ROSTER, roster);
    }
}
