package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.support.Await;
import dev.turnout.switching.Adjustment.CanaryWeight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PausingTest {

    private static final PauseOrder PAUSE = order(true, false);
    private static final PauseOrder PAUSE_AND_DRAIN = order(true, true);
    private static final PauseOrder RESUME = order(false, false);

    @TempDir
    Path folder;

    @Test
    void a_pause_is_persisted_and_published_and_so_is_its_end() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            PauseReport paused = depot.make(PAUSE);

            assertThat(paused.changed()).isTrue();
            assertThat(paused.now().paused()).isTrue();
            assertThat(paused.drained()).isEmpty();
            assertThat(depot.savedService().paused()).isTrue();

            PauseReport resumed = depot.make(RESUME);

            assertThat(resumed.now().paused()).isFalse();
            assertThat(depot.savedService()).isEqualTo(depot.service());
            assertThat(depot.plane.published).hasSize(2);
            assertThat(depot.verdicts()).containsExactly("changed", "changed");
            assertThat(depot.newestEntry().getString("what")).isEqualTo("resume");
        }
    }

    @Test
    void the_second_time_nothing_changes() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            assertThat(depot.make(RESUME).changed()).isFalse();
            depot.make(PAUSE);
            assertThat(depot.make(PAUSE).changed()).isFalse();
            assertThat(depot.service().revision()).isEqualTo(2);
        }
    }

    @Test
    void the_answer_tells_what_is_held_and_what_is_in_flight() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.held = 7;
            depot.plane.inFlight = new InFlight.Known(3, 1);

            PauseReport report = depot.make(PAUSE);

            assertThat(report.held()).isEqualTo(7);
            assertThat(report.inFlight()).isEqualTo(new InFlight.Known(3, 1));
        }
    }

    @Test
    void a_pause_waits_for_what_is_in_flight_if_asked_and_cuts_nothing() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<PauseReport> report =
                    depot.switching.pausing().begin(PAUSE_AND_DRAIN).toCompletableFuture();
            Await.until("it looks", () -> depot.plane.looks.get() > 3);
            assertThat(report).isNotDone();

            depot.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(report)
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .extracting(PauseReport::drained)
                    .isEqualTo(Optional.of(true));
            assertThat(depot.plane.retired).isEmpty();
        }
    }

    @Test
    void what_does_not_end_in_time_is_told_and_left_alone() {
        try (SwitchingFixture depot = new SwitchingFixture(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofMillis(50)), false)) {
            depot.plane.inFlight = new InFlight.Known(2, 2);

            PauseReport report = depot.make(PAUSE_AND_DRAIN);

            assertThat(report.drained()).contains(false);
            assertThat(report.warnings()).anyMatch(warning -> warning.contains("2 of them WebSockets"));
            assertThat(depot.plane.inFlight).isEqualTo(new InFlight.Known(2, 2));
            assertThat(depot.service().paused()).isTrue();
        }
    }

    @Test
    void who_waits_for_the_drain_keeps_nobody_from_resuming() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<PauseReport> waiting =
                    depot.switching.pausing().begin(PAUSE_AND_DRAIN).toCompletableFuture();
            Await.until(
                    "the pause",
                    () -> depot.service().paused()
                            && depot.switching
                                    .changes()
                                    .ongoing(Service.DEFAULT)
                                    .isEmpty());

            assertThat(depot.make(RESUME).changed()).isTrue();

            assertThat(waiting).succeedsWithin(10, TimeUnit.SECONDS).satisfies(report -> {
                assertThat(report.drained()).contains(false);
                assertThat(report.warnings()).anyMatch(warning -> warning.contains("resumed meanwhile"));
            });
        }
    }

    @Test
    void a_pause_ends_a_canary_and_says_so() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.make(CanaryWeight.of(10));

            PauseReport report = depot.make(PAUSE);

            assertThat(depot.service().canary()).isEmpty();
            assertThat(report.warnings()).anyMatch(warning -> warning.contains("canary of 10 %"));
        }
    }

    @Test
    void a_paused_service_is_switched_and_stays_paused() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.make(PAUSE);

            assertThat(depot.make(SwitchingFixture.to(Slot.GREEN)).changed()).isTrue();

            assertThat(depot.active()).isEqualTo(Slot.GREEN);
            assertThat(depot.service().paused()).isTrue();
        }
    }

    @Test
    void a_pause_is_an_alarm_since_it_began_whatever_has_been_changed_meanwhile() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            String since = depot.make(PAUSE).now().since().toString();
            depot.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(depot.switching.warnings().of(depot.service()))
                    .anyMatch(alarm -> alarm.contains("paused since " + since));
            depot.make(RESUME);
            assertThat(depot.switching.warnings().of(depot.service())).noneMatch(alarm -> alarm.contains("paused"));
        }
    }

    @Test
    void what_cannot_be_paused_is_not_paused() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.objection = Optional.of("nginx cannot hold requests");

            ChangeRefused refused = catchThrowableOfType(ChangeRefused.class, () -> depot.make(PAUSE));

            assertThat(refused.reason()).isEqualTo(ChangeRefused.Reason.UNSUPPORTED);
            assertThat(depot.savedService().paused()).isFalse();
        }
    }

    private static PauseOrder order(boolean paused, boolean untilDrained) {
        return new PauseOrder(Service.DEFAULT, paused, untilDrained, ExpectedRevision.none(), "a test");
    }
}
