package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.health.Health;
import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A target that nobody renews")
final class LeasesTest {

    private static final Duration TIME = Duration.ofMillis(100);

    /** Longer than two looks at the times. */
    private static final Duration LONG_AFTER = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    @ParameterizedTest(name = "in a fleet: {0}, up: {1}, removed: {2}")
    @CsvSource({"false, true, true", "false, false, true", "true, true, false", "true, false, true"})
    void is_removed_but_not_one_that_is_up_in_a_fleet(boolean isInFleet, boolean isUp, boolean isRemoved) {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Target target = SwitchingFixture.target(fixture.second);
            fixture.switching
                    .adjuster()
                    .begin(new AdjustmentOrder(
                            Service.DEFAULT,
                            new TargetList(new AddTarget(Slot.BLUE, target, Optional.of(TIME))),
                            Until.DRAINED,
                            false,
                            false,
                            ExpectedRevision.none(),
                            ChangeNote.of("a test")))
                    .toCompletableFuture()
                    .join();
            assertThat(fixture.service().pool(Slot.BLUE).leases()).containsKey(target);
            if (!isUp) {
                fixture.second.probes(Effect.status(503, "gone"));
            }
            fixture.monitor.watch(fixture.switching.current().get());
            Await.until(
                    "the probes have found out",
                    () -> fixture.monitor.of(Service.DEFAULT, target).health() == (isUp ? Health.UP : Health.DOWN)
                            && fixture.monitor
                                            .of(Service.DEFAULT, SwitchingFixture.target(fixture.blue))
                                            .health()
                                    == Health.UP);
            Leases leases = new Leases(
                    fixture.switching.current(),
                    fixture.switching.changes(),
                    fixture.switching.adjuster(),
                    fixture.monitor,
                    Clock.systemUTC(),
                    () -> isInFleet);
            leases.begin();
            try {
                if (isRemoved) {
                    Await.until(
                            "it is removed",
                            () -> !fixture.service().pool(Slot.BLUE).targets().contains(target));
                } else {
                    Await.pause(LONG_AFTER);
                    assertThat(fixture.service().pool(Slot.BLUE).targets()).contains(target);
                    assertThat(leases.warnings(fixture.service())).isEmpty();
                }
            } finally {
                leases.stop();
            }
        }
    }
}
