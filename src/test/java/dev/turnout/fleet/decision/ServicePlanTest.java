package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.ServicePlan.Cell;
import dev.turnout.fleet.decision.ServicePlan.Origin;
import dev.turnout.fleet.decision.ServicePlan.Own;
import dev.turnout.fleet.decision.ServicePlan.Self;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Of a service that is configured, a member makes")
final class ServicePlanTest {

    private static final String NEW = "new";
    private static final Seat SEAT = FleetFixture.seat("m0", 1);
    private static final Set<String> BOTH = Set.of(FleetFixture.SHOP, NEW);

    /** Members m0 and m1 have the shop, and are here. */
    private final StoreContents store = has(has(FleetFixture.store(2), "m0", "shop"), "m1", "shop");

    private static StoreContents has(StoreContents store, String member, String services) {
        return ModelStore.with(
                store,
                FleetKey.configured(member),
                new Configured(new TreeSet<>(Arrays.asList(services.split(" "))), "p"));
    }

    private static StoreContents decided(StoreContents store, Service service) {
        return ModelStore.with(store, FleetKey.state(service.name()), new Decision(service, "c1"));
    }

    /** Returns the new service in epoch 0, in which blue serves, or in a later one. */
    private static Service service(int epoch) {
        return FleetFixture.service(NEW, epoch);
    }

    private static Service withOtherTargets() {
        return Service.initial(
                NEW,
                Pool.of(List.of(Target.parse("127.0.0.1:9001"))),
                Pool.of(List.of(Target.parse("127.0.0.1:9003"))),
                Instant.EPOCH);
    }

    private static ServicePlan plan(
            Origin origin, Service service, Set<String> seated, Set<String> retired, int most, StoreContents contents) {
        Map<String, Own> own =
                Map.of(FleetFixture.SHOP, new Own(FleetFixture.shop(0), Origin.LIVE), NEW, new Own(service, origin));
        return ServicePlan.of(new Self(SEAT, "p", seated, retired), own, "first-1", most, contents);
    }

    private static String update(ServicePlan plan) {
        StoreUpdate update = plan.update();
        if (update == null) {
            return "-";
        }
        String services = update.then().stream()
                .filter(edit -> edit instanceof StoreUpdate.Edit.Put put && put.value() instanceof Configured)
                .flatMap(edit -> ((Configured) ((StoreUpdate.Edit.Put) edit).value()).services().stream())
                .collect(Collectors.joining(" "));
        return update.purpose() + " " + services;
    }

    /**
     * Columns: how it is configured; what the fleet has of it ({@code same}, {@code active} if another slot serves,
     * {@code targets} if it has others, {@code gone} if it was removed); what the store knows that this member has; whether it
     * takes part, or is retired, or there is no room; what becomes of it, and what is sent.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STARTING | none    | shop     | -       | WAIT     | CREATE new shop
            LIVE     | none    | shop     | -       | WAIT     | CREATE new shop
            ADDED    | none    | shop     | -       | WAIT     | CREATE new shop
            ADDED    | none    | shop new | -       | WAIT     | CREATE new shop
            STARTING | gone    | shop     | -       | WAIT     | CREATE new shop
            ADDED    | gone    | shop     | -       | WAIT     | CREATE new shop
            STARTING | gone    | shop new | retired | RETIRED  | DECLARE shop
            LIVE     | gone    | shop     | retired | RETIRED  | -
            ADDED    | gone    | shop     | retired | WAIT     | CREATE new shop
            STARTING | none    | shop     | full    | TOO_MANY | -
            LIVE     | none    | shop     | full    | TOO_MANY | -
            ADDED    | none    | shop     | full    | TOO_MANY | -
            STARTING | same    | shop     | -       | WAIT     | DECLARE new shop
            LIVE     | same    | shop     | -       | WAIT     | DECLARE new shop
            ADDED    | same    | shop     | -       | WAIT     | DECLARE new shop
            STARTING | same    | shop new | -       | TAKE     | -
            LIVE     | same    | shop new | full    | TAKE     | -
            ADDED    | same    | shop new | -       | TAKE     | -
            LIVE     | same    | shop     | retired | WAIT     | DECLARE new shop
            STARTING | active  | shop new | -       | TAKE     | -
            LIVE     | active  | shop     | -       | DIFFERS  | -
            LIVE     | active  | shop new | -       | DIFFERS  | DECLARE shop
            ADDED    | active  | shop     | -       | WAIT     | DECLARE new shop
            ADDED    | active  | shop new | -       | TAKE     | -
            STARTING | targets | shop new | -       | TAKE     | -
            LIVE     | targets | shop     | -       | DIFFERS  | -
            ADDED    | targets | shop     | -       | DIFFERS  | -
            ADDED    | targets | shop new | -       | DIFFERS  | DECLARE shop
            LIVE     | active  | shop new | seated  | SEATED   | -
            LIVE     | same    | shop     | seated  | SEATED   | DECLARE new shop
            LIVE     | gone    | shop new | seated  | SEATED   | -
            """)
    @DisplayName("what its place in the store says")
    void cells(Origin origin, String decided, String known, String how, Cell cell, String sent) {
        StoreContents contents = has(store, "m0", known);
        contents = switch (decided) {
            case "same", "targets" -> decided(contents, service(0));
            case "active" -> decided(contents, service(1));
            case "gone" -> ModelStore.with(contents, FleetKey.removed(NEW), new Removed(7));
            default -> contents;
        };
        Service own = decided.equals("targets") ? withOtherTargets() : service(0);
        int most = how.equals("full") ? 1 : 10;

        ServicePlan plan = plan(
                origin,
                own,
                how.equals("seated") ? BOTH : Set.of(FleetFixture.SHOP),
                how.equals("retired") ? Set.of(NEW) : Set.of(),
                most,
                contents);

        assertThat(plan.cells()).containsEntry(FleetFixture.SHOP, Cell.SEATED).containsEntry(NEW, cell);
        assertThat(update(plan)).isEqualTo(sent);
    }

    @Test
    @DisplayName("nothing as long as the store does not know that this process is here, or is a member")
    void notHere() {
        StoreContents other = ModelStore.with(store, FleetKey.started("m0"), new FleetValue.Started("m0.2"));
        StoreContents left = ModelStore.apply(store, Enrolment.leave("m0", store));

        assertThat(plan(Origin.ADDED, service(0), Set.of(), Set.of(), 10, other))
                .isEqualTo(nothing());
        assertThat(plan(Origin.ADDED, service(0), Set.of(), Set.of(), 10, required(left)))
                .isEqualTo(nothing());
        ServicePlan retired = plan(Origin.LIVE, service(0), Set.of(), Set.of(NEW), 10, required(left));
        assertThat(retired.cells()).containsExactly(Map.entry(NEW, Cell.RETIRED));
        assertThat(retired.update()).isNull();
    }

    private static ServicePlan nothing() {
        return new ServicePlan(new TreeMap<>(), null);
    }

    @Test
    @DisplayName(
            "no part as long as it has said under another mark that it has the service: that may be taken back yet")
    void anotherMark() {
        StoreContents contents = decided(has(store, "m0", "shop new"), service(0));
        Map<String, Own> own = Map.of(NEW, new Own(service(0), Origin.ADDED));
        StoreUpdate late = ServiceEnrolment.declare("m0", Set.of(), "p", contents);

        ServicePlan plan = ServicePlan.of(new Self(SEAT, "p.1", Set.of(), Set.of()), own, "", 10, contents);
        StoreContents said = required(ModelStore.apply(contents, required(plan.update())));

        assertThat(plan.cells()).containsEntry(NEW, Cell.WAIT);
        assertThat(ServicePlan.of(new Self(SEAT, "p.1", Set.of(), Set.of()), own, "", 10, said)
                        .cells())
                .containsEntry(NEW, Cell.TAKE);
        assertThat(ModelStore.apply(said, late)).isNull();
    }

    @Test
    @DisplayName("no less than another process of the same member has, as long as that one is here")
    void handOver() {
        StoreContents two =
                ModelStore.with(has(store, "m0", "old shop"), FleetKey.here("m0", "m0.0"), new Here("m0.0"));
        Map<String, Own> own = Map.of(FleetFixture.SHOP, new Own(FleetFixture.shop(0), Origin.LIVE));
        Self self = new Self(SEAT, "p", Set.of(FleetFixture.SHOP), Set.of());

        assertThat(update(ServicePlan.of(self, own, "", 10, two))).isEqualTo("-");
        assertThat(update(ServicePlan.of(self, own, "", 10, has(store, "m0", "old shop"))))
                .isEqualTo("DECLARE shop");
    }

    @Test
    @DisplayName("one first decision: the second of two members that make it finds that of the first")
    void oneFirstDecision() {
        StoreUpdate first = createdBy("m0", store);
        StoreUpdate second = createdBy("m1", store);

        StoreContents after = required(ModelStore.apply(store, first));

        assertThat(ModelStore.apply(after, second)).isNull();
        assertThat(required(after.decision(NEW)).epoch()).isEqualTo(service(0).revision());
        assertThat(ServiceEnrolment.lacking(NEW, after)).containsExactly("m1");
    }

    @Test
    @DisplayName("no first decision of a member that was taken out meanwhile")
    void takenOut() {
        StoreUpdate create = createdBy("m0", store);

        assertThat(ModelStore.apply(required(ModelStore.apply(store, Enrolment.leave("m0", store))), create))
                .isNull();
    }

    @Test
    @DisplayName("a first decision above the last one of a service of this name, which was removed")
    void above() {
        StoreContents after = removed(required(ModelStore.apply(store, createdBy("m0", store))));
        long last = after.removed(NEW);

        StoreContents again = required(ModelStore.apply(after, createdBy("m1", after)));

        assertThat(last).isEqualTo(service(0).revision());
        assertThat(required(again.decision(NEW)).epoch()).isEqualTo(last + 1);
        assertThat(again.removed(NEW)).isEqualTo(last);
        // What was asked before the removal comes too late.
        assertThat(ModelStore.apply(after, createdBy("m0", store))).isNull();
    }

    @Test
    @DisplayName("a removal only if no member has it, all have said so, and nobody changes it")
    void removal() {
        StoreContents created = required(ModelStore.apply(store, createdBy("m0", store)));
        StoreContents none = has(created, "m0", "shop");
        StoreContents unknown = Mutation.without(none, "configured/m1");
        StoreUpdate remove = required(ServiceEnrolment.remove(NEW, none));

        assertThat(ServiceEnrolment.remove(NEW, created)).isNull();
        assertThat(ServiceEnrolment.remove(NEW, unknown)).isNull();
        assertThat(ServiceEnrolment.remove("other", none)).isNull();
        assertThat(ServiceEnrolment.remove(NEW, locked(none))).isNull();

        assertThat(ModelStore.apply(has(none, "m1", "new shop"), remove)).isNull();
        assertThat(ModelStore.apply(decided(none, service(1)), remove)).isNull();
        assertThat(ModelStore.apply(locked(none), remove)).isNull();
        assertThat(ModelStore.apply(
                        required(ModelStore.apply(none, Enrolment.enrol("m2", "m2.1", "", BOTH, none))), remove))
                .isNull();
    }

    @Test
    @DisplayName("and leaves nothing of a service that was removed but its epoch")
    void leavesNothing() {
        StoreContents created = required(ModelStore.apply(store, createdBy("m0", store)));
        StoreContents used = created;
        for (FleetKey key : List.of(
                FleetKey.applied(NEW, "m0"),
                FleetKey.counts(NEW, "m0"),
                FleetKey.watch(NEW),
                new FleetKey(FleetKey.OFFERS + NEW + "/blue/127.0.0.1:1"))) {
            used = ModelStore.with(used, key, new Here("x"));
        }
        used = ModelStore.with(used, FleetKey.receipt(NEW, 2), new Here("x"));
        used = ModelStore.with(used, FleetKey.done("c9", "m0"), new FleetValue.Done(NEW, 2, ""));
        used = ModelStore.with(used, FleetKey.done("c8", "m0"), new FleetValue.Done(FleetFixture.SHOP, 2, ""));

        StoreContents after = removed(used);

        assertThat(after.entries().keySet().stream().map(FleetKey::path).filter(path -> !ModelStore.isOfModel(path)))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                store.entries().keySet().stream().map(FleetKey::path),
                                Stream.of("removed/new", "done/c8/m0"))
                        .toList());
    }

    private static StoreUpdate createdBy(String member, StoreContents contents) {
        Seat seat = FleetFixture.seat(member, 1);
        Map<String, Own> own = Map.of(NEW, new Own(service(0), Origin.ADDED));
        StoreUpdate update = ServicePlan.of(
                        new Self(seat, "p", Set.of(), Set.of()), own, "first-" + member, 10, contents)
                .update();
        assertThat(required(update).purpose()).isEqualTo(Purpose.CREATE);
        return required(update);
    }

    private static StoreContents removed(StoreContents contents) {
        StoreContents none = has(has(contents, "m0", "shop"), "m1", "shop");
        return required(ModelStore.apply(none, required(ServiceEnrolment.remove(NEW, none))));
    }

    private static StoreContents locked(StoreContents contents) {
        FleetOrder order = new FleetOrder(
                "c1", service(1), ChangeKind.SWITCH, true, false, new TreeSet<>(), FleetFixture.seat("m0", 1));
        return required(ModelStore.apply(contents, ChangeUpdates.lock(order, contents)));
    }

    private static <T> T required(@Nullable T value) {
        assertThat(value).isNotNull();
        return value;
    }
}
