package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.fleet.Offers;
import dev.turnout.health.Health;
import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A target that has to be renewed")
final class LeasesTest {

    private static final Duration TIME = Duration.ofMillis(700);

    /** Longer than the time of a target and two looks at it. */
    private static final Duration LONG_AFTER = Duration.ofMillis(2_000);

    @TempDir
    Path folder;

    private final FakeOffers offers = new FakeOffers();
    private volatile Election election = Election.ALONE;
    private SwitchingFixture fixture;
    private Target target;
    private Leases leases;

    /** What a fleet knows. */
    private static final class FakeOffers implements Offers {

        private final SortedMap<String, Long> known = new ConcurrentSkipListMap<>();
        private volatile boolean isThere = true;
        private volatile int renewals;

        @Override
        public synchronized void renew(Collection<String> names) throws IOException {
            answer();
            renewals++;
            names.forEach(name -> known.merge(name, 1L, Long::sum));
        }

        @Override
        public SortedMap<String, Long> read() throws IOException {
            answer();
            return new TreeMap<>(known);
        }

        @Override
        public void remove(Collection<String> names) throws IOException {
            answer();
            names.forEach(known::remove);
        }

        private void answer() throws IOException {
            if (!isThere) {
                throw new IOException("the store of the fleet can't be used: it is gone");
            }
        }
    }

    @BeforeEach
    void begin() {
        fixture = new SwitchingFixture(folder);
        target = SwitchingFixture.target(fixture.second);
        add(target);
    }

    private void add(Target added) {
        fixture.switching
                .adjuster()
                .begin(new AdjustmentOrder(
                        Service.DEFAULT,
                        new TargetList(new AddTarget(Slot.BLUE, added, Optional.of(TIME))),
                        Until.DRAINED,
                        false,
                        false,
                        ExpectedRevision.none(),
                        ChangeNote.of("a test")))
                .toCompletableFuture()
                .join();
        assertThat(fixture.service().pool(Slot.BLUE).leases()).containsKey(added);
    }

    @AfterEach
    void end() {
        leases.stop();
        fixture.close();
    }

    private AddTarget add() {
        return new AddTarget(Slot.BLUE, target, Optional.of(TIME));
    }

    private void look(boolean isUp, boolean isInFleet) {
        if (!isUp) {
            fixture.second.probes(Effect.status(503, "gone"));
        }
        fixture.monitor.watch(fixture.switching.current()::get);
        awaitHealth(target, isUp ? Health.UP : Health.DOWN);
        awaitHealth(SwitchingFixture.target(fixture.blue), Health.UP);
        leases = new Leases(
                fixture.switching.current(),
                fixture.switching.changes(),
                fixture.switching.adjuster(),
                fixture.monitor,
                Clock.systemUTC(),
                service -> service.equals(Service.DEFAULT) ? election : Election.of(Optional.of("m1"), "m0"),
                () -> isInFleet ? Optional.of(offers) : Optional.empty());
        leases.begin();
    }

    private void awaitHealth(Target probed, Health health) {
        Await.until(
                "the probes have found out",
                () -> fixture.monitor.of(Service.DEFAULT, probed).health() == health);
    }

    private boolean isThere() {
        return fixture.service().pool(Slot.BLUE).targets().contains(target);
    }

    private String name() {
        return Service.DEFAULT + "/blue/" + target;
    }

    @ParameterizedTest(name = "in a fleet: {0}, up: {1}")
    @CsvSource({"false, true", "false, false", "true, true", "true, false"})
    @DisplayName("is removed when nobody renews it")
    void nobody_renews_it(boolean isInFleet, boolean isUp) {
        look(isUp, isInFleet);

        Await.until("it is removed", () -> !isThere());
    }

    @Test
    @DisplayName("stays as long as it is renewed at another member, and what the fleet knows of it goes with it")
    void renewed_elsewhere() throws IOException {
        offers.known.put("default/blue/127.0.0.1:1", 7L);
        look(true, true);
        for (int i = 0; i < 10; i++) {
            offers.renew(List.of(name()));
            Await.pause(Duration.ofMillis(200));
            assertThat(isThere()).isTrue();
        }
        assertThat(offers.known).containsOnlyKeys(name());

        Await.until("it is removed", () -> !isThere());
        Await.until("it is forgotten", () -> offers.known.isEmpty());
    }

    @ParameterizedTest(name = "known who: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("is removed by the one member that is elected, and by no other")
    void another_member_removes(boolean isKnown) {
        election = new Election(false, isKnown ? Optional.of("m0") : Optional.empty());
        look(false, true);

        Await.pause(LONG_AFTER);
        assertThat(isThere()).isTrue();

        election = Election.of(Optional.of("m1"), "m1");
        Await.until("it is removed", () -> !isThere());
    }

    @Test
    @DisplayName("leaves what the fleet knows of another service to the member that looks after that one")
    void another_service() {
        offers.known.put("api/blue/127.0.0.1:1", 7L);
        offers.known.put("default/blue/127.0.0.1:1", 7L);
        look(true, true);

        Await.until("it is removed", () -> !isThere());
        Await.until("nothing of its service is left", () -> offers.known.keySet().stream()
                .noneMatch(name -> name.startsWith("default/")));
        assertThat(offers.known).containsOnlyKeys("api/blue/127.0.0.1:1");
    }

    @Test
    @DisplayName("stays as long as the fleet can't say whether it was renewed, and has its whole time again afterwards")
    void the_store_is_gone() {
        look(false, true);
        offers.isThere = false;
        Await.pause(LONG_AFTER);
        assertThat(isThere()).isTrue();

        offers.isThere = true;
        long back = System.nanoTime();
        Await.until("it is removed", () -> !isThere());
        assertThat(System.nanoTime() - back).isGreaterThanOrEqualTo(TIME.toNanos());
    }

    @Test
    @DisplayName("stays in a fleet, if it is up and half of those that were up have gone")
    void many() {
        try (Backend third = Backend.start()) {
            add(SwitchingFixture.target(third));
            look(true, true);

            Await.until("one is gone, and one stays", () -> !leases.warnings(fixture.service())
                    .isEmpty());
            assertThat(fixture.service().pool(Slot.BLUE).targets()).hasSize(2);
            Warning warning = leases.warnings(fixture.service()).get(0);
            assertThat(warning.code()).isEqualTo("target-overdue");
            assertThat(warning.english()).contains("half of the targets");
            Await.pause(LONG_AFTER);
            assertThat(fixture.service().pool(Slot.BLUE).targets()).hasSize(2);
        }
    }

    @Test
    @DisplayName("is told to all when it is renewed, once for many renewals at a time")
    void tells() throws Exception {
        look(true, true);

        for (AdjustmentReport report : IntStream.range(0, 50)
                .mapToObj(i -> leases.renew(renewal(), add()).orElseThrow().toCompletableFuture())
                .toList()
                .stream()
                .map(told -> told.orTimeout(5, TimeUnit.SECONDS).join())
                .toList()) {
            assertThat(report.changed()).isFalse();
        }

        assertThat(offers.known).containsKey(name());
        assertThat(offers.renewals).isBetween(1, 10);
    }

    @Test
    @DisplayName("is not said to be renewed when the fleet could not be told")
    void tells_nobody() {
        look(true, true);
        offers.isThere = false;

        assertThatThrownBy(() -> leases.renew(renewal(), add())
                        .orElseThrow()
                        .toCompletableFuture()
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join())
                .cause()
                .isInstanceOfSatisfying(ChangeRefused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(ChangeRefused.Reason.FLEET_UNREACHABLE))
                .hasMessageContaining("it is gone")
                .hasMessageContaining("at another member");
    }

    private AdjustmentOrder renewal() {
        return new AdjustmentOrder(
                Service.DEFAULT,
                new TargetList(add()),
                Until.SWITCHED,
                false,
                false,
                ExpectedRevision.none(),
                ChangeNote.of("a test"));
    }
}
