package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Warning;
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
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            PauseReport paused = fixture.make(PAUSE);

            assertThat(paused.changed()).isTrue();
            assertThat(paused.now().paused()).isTrue();
            assertThat(paused.drained()).isEmpty();
            assertThat(fixture.savedService().paused()).isTrue();

            PauseReport resumed = fixture.make(RESUME);

            assertThat(resumed.now().paused()).isFalse();
            assertThat(fixture.savedService()).isEqualTo(fixture.service());
            assertThat(fixture.plane.published).hasSize(2);
            assertThat(fixture.verdicts()).containsExactly("changed", "changed");
            assertThat(fixture.newestEntry().getString("what")).isEqualTo("resume");
        }
    }

    @Test
    void the_second_time_nothing_changes() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            assertThat(fixture.make(RESUME).changed()).isFalse();
            fixture.make(PAUSE);
            assertThat(fixture.make(PAUSE).changed()).isFalse();
            assertThat(fixture.service().revision()).isEqualTo(2);
        }
    }

    @Test
    void the_answer_tells_what_is_held_and_what_is_in_flight() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.held = 7;
            fixture.plane.inFlight = new InFlight.Known(3, 1);

            PauseReport report = fixture.make(PAUSE);

            assertThat(report.held()).isEqualTo(7);
            assertThat(report.inFlight()).isEqualTo(new InFlight.Known(3, 1));
        }
    }

    @Test
    void a_pause_waits_for_what_is_in_flight_if_asked_and_cuts_nothing() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<PauseReport> report =
                    fixture.switching.pausing().begin(PAUSE_AND_DRAIN).toCompletableFuture();
            Await.until("it looks", () -> fixture.plane.looks.get() > 3);
            assertThat(report).isNotDone();

            fixture.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(report)
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .extracting(PauseReport::drained)
                    .isEqualTo(Optional.of(true));
            assertThat(fixture.plane.retired).isEmpty();
        }
    }

    @Test
    void what_does_not_end_in_time_is_told_and_left_alone() {
        try (SwitchingFixture fixture = new SwitchingFixture(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofMillis(50)), false)) {
            fixture.plane.inFlight = new InFlight.Known(2, 2);

            PauseReport report = fixture.make(PAUSE_AND_DRAIN);

            assertThat(report.drained()).contains(false);
            assertThat(report.warnings()).anyMatch(warning -> warning.contains("2 of them WebSockets"));
            assertThat(fixture.plane.inFlight).isEqualTo(new InFlight.Known(2, 2));
            assertThat(fixture.service().paused()).isTrue();
        }
    }

    @Test
    void who_waits_for_the_drain_keeps_nobody_from_resuming() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<PauseReport> waiting =
                    fixture.switching.pausing().begin(PAUSE_AND_DRAIN).toCompletableFuture();
            Await.until(
                    "the pause",
                    () -> fixture.service().paused()
                            && fixture.switching
                                    .changes()
                                    .ongoing(Service.DEFAULT)
                                    .isEmpty());

            assertThat(fixture.make(RESUME).changed()).isTrue();

            assertThat(waiting).succeedsWithin(10, TimeUnit.SECONDS).satisfies(report -> {
                assertThat(report.drained()).contains(false);
                assertThat(report.warnings()).anyMatch(warning -> warning.contains("resumed meanwhile"));
            });
        }
    }

    @Test
    void a_pause_ends_a_canary_and_says_so() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(CanaryWeight.of(10));

            PauseReport report = fixture.make(PAUSE);

            assertThat(fixture.service().canary()).isEmpty();
            assertThat(report.warnings()).anyMatch(warning -> warning.contains("canary of 10 %"));
        }
    }

    @Test
    void a_paused_service_is_switched_and_stays_paused() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(PAUSE);

            assertThat(fixture.make(SwitchingFixture.to(Slot.GREEN)).changed()).isTrue();

            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
            assertThat(fixture.service().paused()).isTrue();
        }
    }

    @Test
    void a_pause_is_an_alarm_since_it_began_whatever_has_been_changed_meanwhile() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            String since = fixture.make(PAUSE).now().since().toString();
            fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(Warning.english(fixture.switching.warnings().of(fixture.service())))
                    .anyMatch(alarm -> alarm.contains("paused since " + since));
            assertThat(fixture.switching.warnings().of(fixture.service())).anySatisfy(warning -> {
                assertThat(warning.code()).isEqualTo("paused");
                assertThat(warning.korean()).contains(since).contains("일시 중지");
            });
            fixture.make(RESUME);
            assertThat(Warning.english(fixture.switching.warnings().of(fixture.service())))
                    .noneMatch(alarm -> alarm.contains("paused"));
        }
    }

    @Test
    void what_cannot_be_paused_is_not_paused() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.objection = Optional.of("nginx cannot hold requests");

            ChangeRefused refused = catchThrowableOfType(ChangeRefused.class, () -> fixture.make(PAUSE));

            assertThat(refused.reason()).isEqualTo(ChangeRefused.Reason.UNSUPPORTED);
            assertThat(fixture.savedService().paused()).isFalse();
        }
    }

    private static PauseOrder order(boolean paused, boolean untilDrained) {
        return new PauseOrder(Service.DEFAULT, paused, untilDrained, ExpectedRevision.none(), ChangeNote.of("a test"));
    }
}
