package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The drain of a target that Turnout has removed by itself")
final class BackgroundDrainTest {

    private static final SwitchTimes LONG = SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private static final SwitchTimes SHORT = SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(1));
    private static final InFlight ONE = new InFlight.Known(1, 0);

    @TempDir
    Path folder;

    private static TargetList add(Target target) {
        return new TargetList(new Command.AddTarget(Slot.BLUE, target, Optional.of(Duration.ofSeconds(30))));
    }

    /** Begins to remove a target that was not renewed, and has its drain wait for a request. */
    private static CompletionStage<AdjustmentReport> expire(SwitchingFixture fixture, Target target) {
        fixture.make(add(target));
        fixture.plane.inFlight = ONE;
        Set<Target> up = Set.of(SwitchingFixture.target(fixture.blue));
        CompletionStage<AdjustmentReport> begun =
                begin(fixture, new TargetList(new Command.ExpireTarget(Slot.BLUE, target, up)), Until.DRAINED);
        awaitDrain(fixture);
        return begun;
    }

    private static CompletionStage<AdjustmentReport> begin(
            SwitchingFixture fixture, Adjustment adjustment, Until until) {
        return fixture.switching
                .adjuster()
                .begin(new AdjustmentOrder(
                        "default", adjustment, until, false, false, ExpectedRevision.none(), ChangeNote.of("a test")));
    }

    private static void awaitDrain(SwitchingFixture fixture) {
        int looks = fixture.plane.looks.get();
        Await.until("the drain waits", () -> fixture.plane.looks.get() > looks + 3);
    }

    private static AdjustmentReport report(CompletionStage<AdjustmentReport> begun) {
        return begun.toCompletableFuture().join();
    }

    @Test
    void keeps_no_other_change_waiting_and_is_recorded_at_its_end() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            Target target = Target.parse("127.0.0.1:" + fixture.second.port());
            CompletionStage<AdjustmentReport> expiry = expire(fixture, target);

            assertThat(fixture.make(CanaryWeight.of(10)).changed()).isTrue();
            assertThat(expiry.toCompletableFuture()).isNotDone();
            fixture.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(report(expiry).drain().orElseThrow().drained()).isTrue();
            assertThat(fixture.service().canaryWeight()).isEqualTo(10);
            assertThat(fixture.plane.cut).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("drained", "changed", "changed", "changed");
        }
    }

    @Test
    void ends_for_a_target_that_comes_back_and_cuts_nothing_there() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            Target target = SwitchingFixture.target(fixture.second);
            CompletionStage<AdjustmentReport> expiry = expire(fixture, target);

            fixture.make(add(target));

            DrainReport drain = report(expiry).drain().orElseThrow();
            assertThat(drain.drained()).isTrue();
            assertThat(drain.completed()).isZero();
            assertThat(fixture.plane.cut).isEmpty();
            assertThat(fixture.service().blue().targets()).contains(target);
        }
    }

    @Test
    void cuts_at_its_time_out_what_has_not_come_back() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, SHORT)) {
            Target target = SwitchingFixture.target(fixture.second);

            report(expire(fixture, target));

            assertThat(fixture.plane.cut).containsExactly(target);
        }
    }

    @Test
    void cuts_nothing_at_a_target_that_came_back_and_left_again() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            Target target = SwitchingFixture.target(fixture.second);
            Target other = Target.parse("127.0.0.1:1");
            CompletionStage<AdjustmentReport> first = expire(fixture, target);
            CompletionStage<DrainReport> both = drain(fixture, SHORT, List.of(target, other));
            awaitDrain(fixture);
            fixture.make(add(target));
            report(first);

            CompletionStage<AdjustmentReport> again = expire(fixture, target);
            both.toCompletableFuture().join();

            assertThat(fixture.plane.cut).containsExactly(other);
            report(again);
        }
    }

    /** Begins the drain of some targets together. */
    private static CompletionStage<DrainReport> drain(
            SwitchingFixture fixture, SwitchTimes times, List<Target> targets) {
        Changes changes = fixture.switching.changes();
        Drain drain = new Drain(fixture.plane, fixture.plane, times);
        return changes.begin(
                "default",
                "targets that left",
                ChangeNote.of("a test"),
                (change, early) -> drain.await(
                        "default",
                        new BackgroundDrain(fixture.switching.current(), changes, change, targets),
                        progress -> {}));
    }

    @Test
    void is_one_of_those_only_that_nobody_waits_for() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            Target target = SwitchingFixture.target(fixture.second);
            fixture.plane.inFlight = ONE;
            CompletionStage<AdjustmentReport> removal =
                    begin(fixture, new TargetList(new Command.RemoveTarget(Slot.BLUE, target, false)), Until.DRAINED);
            awaitDrain(fixture);

            ChangeRefused refused = catchThrowableOfType(ChangeRefused.class, () -> fixture.make(CanaryWeight.of(10)));

            assertThat(refused.reason()).isEqualTo(Reason.BUSY);
            fixture.plane.inFlight = new InFlight.Known(0, 0);
            report(removal);
        }
    }
}
