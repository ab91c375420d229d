package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.routing.ConfiguredTargets;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Destination.OtherSlot;
import dev.turnout.switching.SwitchOrder.Until;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A change of one service starts from the expected revision, under the lock of that service")
final class ReloadingTest {

    private static final JsonArray DIFFERING = new JsonArray().add(new JsonObject().put("key", "turnout.green"));

    @TempDir
    Path folder;

    private final AtomicInteger prepared = new AtomicInteger();

    @ParameterizedTest(name = "{0}, If-Match {1}, {2} requests in flight: {3} {4}")
    @CsvSource({
        "default, ,  0, , ",
        "default, *, 0, , ",
        "default, 1, 0, , ",
        "default, 5, 0, PRECONDITION_FAILED, 'is at revision 1, not [5]'",
        "default, ,  1, IN_USE, 'has 1 request in flight or waiting'",
        "default, *, 2, IN_USE, 'has 2 requests in flight or waiting'",
        "default, 1, 2, IN_USE, 'has 2 requests in flight or waiting'",
        "default, 5, 2, PRECONDITION_FAILED, 'is at revision 1, not [5]'",
        "shop,    ,  0, , ",
        "shop,    *, 0, PRECONDITION_FAILED, 'does not exist, so it is at no revision of its own'",
        "shop,    1, 0, PRECONDITION_FAILED, 'does not exist, so it is at no revision of [1]'"
    })
    void the_expected_revision_decides_first(
            String service, String ifMatch, int inFlight, Reason reason, String words) {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            ReloadOrder.Subject subject = new ReloadOrder.Subject(service, expected(ifMatch), () -> inFlight);

            CompletableFuture<ReloadReport> answer = begin(fixture, Optional.of(subject), this::settings);

            if (reason == null) {
                assertThat(answer.join().services()).isEmpty();
                assertThat(prepared).hasValue(1);
            } else {
                ChangeRefused refused = refusal(answer);
                assertThat(refused.reason()).isEqualTo(reason);
                assertThat(refused).hasMessageContaining(words).hasMessageContaining("Nothing was done");
                assertThat(prepared).hasValue(0);
            }
        }
    }

    @Test
    void a_request_that_a_pause_keeps_is_in_use_as_one_in_flight_is() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.held = 2;
            fixture.plane.keepsWaiting(SwitchingFixture.target(fixture.blue), 1);
            ReloadOrder.Subject subject = new ReloadOrder.Subject(
                    Service.DEFAULT, ExpectedRevision.none(), () -> fixture.plane.unfinished(Service.DEFAULT));

            ChangeRefused refused = refusal(begin(fixture, Optional.of(subject), this::settings));

            assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
            assertThat(refused).hasMessageContaining("has 3 requests in flight or waiting");
        }
    }

    private static ExpectedRevision expected(String ifMatch) {
        if (ifMatch == null) {
            return ExpectedRevision.none();
        }
        return ifMatch.equals("*") ? ExpectedRevision.any() : ExpectedRevision.of(Set.of(Long.valueOf(ifMatch)));
    }

    @ParameterizedTest(name = "about {0} while default is switched: refused {1}")
    @CsvSource({"default, true", "shop, false", ", false"})
    void a_switch_that_goes_on_refuses_changes_of_its_service_only(String service, boolean isRefused) {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.green.probes(Effect.status(503, "not yet"));
            fixture.switching.switcher().begin(SwitchingFixture.to(Slot.GREEN));
            Await.until("the gate is asked", () -> fixture.green.probesAnswered() > 0);

            Throwable thrown = catchThrowable(() -> begin(
                            fixture,
                            Optional.ofNullable(service).map(name -> of(name, ExpectedRevision.none())),
                            this::settings)
                    .join());

            if (isRefused) {
                assertThat(((ChangeRefused) thrown).reason()).isEqualTo(Reason.BUSY);
                assertThat(thrown).hasMessageContaining("switch");
            } else {
                assertThat(thrown).isNull();
            }
        }
    }

    @Test
    void a_change_of_one_service_that_would_change_another_is_refused() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Service before = fixture.service();

            ChangeRefused refused = refusal(begin(
                    fixture,
                    List.of(SwitchingFixture.target(fixture.second)),
                    Optional.of(of("shop", ExpectedRevision.none())),
                    this::settings,
                    DIFFERING,
                    false));

            assertThat(refused.reason()).isEqualTo(Reason.BAD_CONFIGURATION);
            assertThat(refused).hasMessageContaining("Service 'default' would change with service 'shop'");
            assertThat(prepared).hasValue(0);
            assertThat(fixture.service()).isEqualTo(before);
        }
    }

    @Test
    void a_switch_is_refused_while_only_settings_of_its_service_change() throws InterruptedException {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            CountDownLatch isPreparing = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            CompletableFuture<ReloadReport> answer =
                    begin(fixture, Optional.of(of(Service.DEFAULT, ExpectedRevision.none())), () -> {
                        isPreparing.countDown();
                        try {
                            mayEnd.await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return settings();
                    });
            assertThat(isPreparing.await(10, TimeUnit.SECONDS)).isTrue();
            SwitchOrder order = SwitchingFixture.order(new OtherSlot(), Until.DRAINED, false, false);

            Throwable thrown = catchThrowable(() -> fixture.make(order));

            assertThat(((ChangeRefused) thrown).reason()).isEqualTo(Reason.BUSY);
            mayEnd.countDown();
            answer.join();
            assertThat(fixture.make(order).changed()).isTrue();
        }
    }

    @Test
    void a_slot_whose_targets_are_all_others_has_no_version_any_more() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            ChangeNote note = new ChangeNote(
                    "a test",
                    Optional.empty(),
                    Optional.of("1.4.2"),
                    Optional.empty(),
                    Optional.empty(),
                    new TreeSet<>());
            fixture.make(SwitchingFixture.noted(new OtherSlot(), note));

            reload(fixture, fixture.second, false).join();

            assertThat(fixture.service().releases().of(Slot.GREEN)).isEmpty();
            assertThat(fixture.savedService().releases().of(Slot.GREEN)).isEmpty();
        }
    }

    @Test
    void what_others_have_changed_is_overwritten_by_force_only() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.drift = Optional.of("somebody wrote the file");

            assertThat(refusal(reload(fixture, fixture.second, false)).reason()).isEqualTo(Reason.DRIFT);
            reload(fixture, fixture.second, true).join();

            assertThat(fixture.plane.overruled).hasValue(1);
            assertThat(fixture.service().pool(Slot.GREEN).targets())
                    .containsExactly(SwitchingFixture.target(fixture.second));
        }
    }

    @Test
    void without_another_key_new_settings_hold_and_targets_and_journal_stay() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            AtomicInteger applied = new AtomicInteger();
            Service before = fixture.service();

            ReloadReport report = begin(
                            fixture,
                            List.of(SwitchingFixture.target(fixture.second)),
                            Optional.empty(),
                            () -> applying(applied),
                            new JsonArray(),
                            false)
                    .join();

            assertThat(applied).hasValue(1);
            assertThat(report.services()).isEmpty();
            assertThat(fixture.service()).isEqualTo(before);
            assertThat(fixture.verdicts()).isEmpty();
        }
    }

    @Test
    void a_service_that_is_removed_is_drained_by_its_own_time() {
        AtomicReference<Duration> inForce = new AtomicReference<>(Duration.ofSeconds(7));
        SwitchTimes times = new SwitchTimes(
                service -> Duration.ofSeconds(10), service -> RehearsalGate.NONE, service -> inForce.get());
        try (SwitchingFixture fixture = new SwitchingFixture(folder, times, false)) {
            ConfiguredTargets shop = new ConfiguredTargets(
                    "shop", List.of(Target.parse("127.0.0.1:1")), List.of(Target.parse("127.0.0.1:2")));

            ReloadReport report = fixture.switching
                    .reloading()
                    .begin(new ReloadOrder(
                            List.of(shop),
                            Optional.empty(),
                            NextSettings::none,
                            () -> inForce.set(Duration.ofSeconds(1)),
                            DIFFERING,
                            false,
                            ChangeNote.of("a test")))
                    .toCompletableFuture()
                    .join();

            assertThat(report.drains()).containsOnlyKeys(Service.DEFAULT);
            assertThat(fixture.plane.retiredWithin).containsExactly(Duration.ofSeconds(7));
        }
    }

    private static NextSettings applying(AtomicInteger applied) {
        return new NextSettings() {
            @Override
            public boolean needsPublish() {
                return true;
            }

            @Override
            public void apply() {
                applied.incrementAndGet();
            }

            @Override
            public void giveUp() {}
        };
    }

    private NextSettings settings() {
        prepared.incrementAndGet();
        return NextSettings.none();
    }

    private static ReloadOrder.Subject of(String service, ExpectedRevision expected) {
        return new ReloadOrder.Subject(service, expected, () -> 0);
    }

    /** Begins a change that leaves all targets as they are. */
    private static CompletableFuture<ReloadReport> begin(
            SwitchingFixture fixture, Optional<ReloadOrder.Subject> subject, Supplier<NextSettings> prepare) {
        List<Target> green = fixture.service().pool(Slot.GREEN).targets();
        return begin(fixture, green, subject, prepare, DIFFERING, false);
    }

    /** Begins a reload of a configuration that names another target for green. */
    private static CompletableFuture<ReloadReport> reload(SwitchingFixture fixture, Backend green, boolean force) {
        List<Target> other = List.of(SwitchingFixture.target(green));
        return begin(fixture, other, Optional.empty(), NextSettings::none, DIFFERING, force);
    }

    private static CompletableFuture<ReloadReport> begin(
            SwitchingFixture fixture,
            List<Target> green,
            Optional<ReloadOrder.Subject> subject,
            Supplier<NextSettings> prepare,
            JsonArray keys,
            boolean force) {
        List<Target> blue = fixture.service().pool(Slot.BLUE).targets();
        return fixture.switching
                .reloading()
                .begin(new ReloadOrder(
                        List.of(new ConfiguredTargets(Service.DEFAULT, blue, green)),
                        subject,
                        prepare,
                        () -> {},
                        keys,
                        force,
                        ChangeNote.of("a test")))
                .toCompletableFuture();
    }

    private static ChangeRefused refusal(CompletableFuture<ReloadReport> answer) {
        Throwable thrown = catchThrowable(answer::join);
        assertThat(thrown).isInstanceOf(CompletionException.class);
        return (ChangeRefused) thrown.getCause();
    }
}
