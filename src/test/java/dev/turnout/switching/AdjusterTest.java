package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.Command;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.Adjustment.TargetDrain;
import dev.turnout.switching.Adjustment.TargetReady;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Destination.CanarySlot;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdjusterTest {

    private static final SwitchTimes LONG = SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final SwitchTimes HASTY = SwitchingFixture.times(Duration.ofSeconds(1), Duration.ofMillis(100));

    @TempDir
    Path folder;

    @Test
    void a_canary_begins_after_the_gate_and_is_persisted_and_published() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            AdjustmentReport report = fixture.make(CanaryWeight.of(10));

            assertThat(report.changed()).isTrue();
            assertThat(report.gate().orElseThrow().passed()).isTrue();
            assertThat(report.drain()).isEmpty();
            assertThat(report.finishedAt()).isPresent();
            assertThat(fixture.service().canaryWeight()).isEqualTo(10);
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.savedService()).isEqualTo(fixture.service());
            assertThat(fixture.plane.published)
                    .containsExactly(fixture.switching.current().get());
            assertThat(fixture.verdicts()).containsExactly("changed");
            assertThat(fixture.newestEntry().getString("what")).isEqualTo("canary 10 %");
        }
    }

    @Test
    void each_canary_has_a_key_of_its_own_and_keeps_it_at_another_weight() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(CanaryWeight.of(10));
            String first = fixture.service().canary().orElseThrow().key();
            fixture.make(CanaryWeight.of(50));
            assertThat(fixture.service().canary().orElseThrow().key()).isEqualTo(first);

            fixture.make(CanaryWeight.of(0));
            fixture.make(CanaryWeight.of(10));

            assertThat(fixture.service().canary().orElseThrow().key()).isNotEqualTo(first);
        }
    }

    @Test
    void a_canary_of_a_sick_slot_is_refused_and_nothing_has_changed() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.green.probes(Effect.status(503, "starting up"));

            ChangeRefused refused = refusal(fixture, CanaryWeight.of(10));

            assertThat(refused.reason()).isEqualTo(Reason.UNHEALTHY);
            assertThat(refused).hasMessageContaining("slot green").hasMessageContaining("starting up");
            assertThat(fixture.service().canary()).isEmpty();
            assertThat(fixture.plane.published).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("refused");
        }
    }

    @Test
    void every_rise_of_the_weight_asks_the_gate_again() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.make(CanaryWeight.of(10));
            fixture.green.probes(Effect.status(500, "broken since"));

            assertThat(refusal(fixture, CanaryWeight.of(20)).reason()).isEqualTo(Reason.UNHEALTHY);
            assertThat(fixture.service().canaryWeight()).isEqualTo(10);
        }
    }

    @Test
    void a_lower_weight_needs_no_gate_since_it_is_the_way_out() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(CanaryWeight.of(50));
            fixture.green.kill();

            AdjustmentReport report = fixture.make(CanaryWeight.of(5));

            assertThat(report.gate()).isEmpty();
            assertThat(report.drain()).isEmpty();
            assertThat(fixture.service().canaryWeight()).isEqualTo(5);
        }
    }

    @Test
    void a_forced_canary_asks_no_gate_and_says_so() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.green.kill();

            AdjustmentReport report = fixture.make(CanaryWeight.of(10), Until.DRAINED, true);

            assertThat(report.gate()).isEmpty();
            assertThat(report.warnings()).anyMatch(warning -> warning.startsWith("Forced: slot green"));
        }
    }

    @Test
    void the_end_of_a_canary_drains_its_slot_and_names_what_was_cut() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.make(CanaryWeight.of(10));
            fixture.plane.inFlight = new InFlight.Known(3, 0);
            fixture.plane.toBeCut.add(new CutRequest("GET", "/slow", 5_000, SwitchingFixture.target(fixture.green)));

            AdjustmentReport report = fixture.make(CanaryWeight.of(0));

            assertThat(fixture.plane.retired).containsExactly(SwitchingFixture.target(fixture.green));
            assertThat(report.drain().orElseThrow().drained()).isFalse();
            assertThat(report.drain().orElseThrow().cut().count()).isEqualTo(1);
            assertThat(fixture.service().canary()).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("cut", "changed", "changed");
        }
    }

    @Test
    void an_answer_that_does_not_wait_for_the_drain_leaves_it_open_and_the_lock_taken() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, LONG, false)) {
            fixture.make(CanaryWeight.of(10));
            fixture.plane.inFlight = new InFlight.Known(1, 0);

            AdjustmentReport report = fixture.make(CanaryWeight.of(0), Until.SWITCHED, false);

            assertThat(report.drain()).isEmpty();
            assertThat(report.finishedAt()).isEmpty();
            assertThat(refusal(fixture, CanaryWeight.of(10)).reason()).isEqualTo(Reason.BUSY);
            fixture.plane.inFlight = new InFlight.Known(0, 0);
            Await.until("the end of the drain", () -> fixture.verdicts().get(0).equals("drained"));
        }
    }

    @Test
    void the_weight_that_is_in_force_already_changes_nothing() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            long revision = fixture.make(CanaryWeight.of(10)).now().revision();

            assertThat(fixture.make(CanaryWeight.of(10)).changed()).isFalse();
            assertThat(fixture.service().revision()).isEqualTo(revision);
        }
    }

    @Test
    void ending_a_canary_that_does_not_exist_is_no_error_and_tells_that_the_slot_is_drained() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            AdjustmentReport report = fixture.make(CanaryWeight.of(0));

            assertThat(report.changed()).isFalse();
            assertThat(report.drain().orElseThrow().drained()).isTrue();
        }
    }

    @Test
    void a_canary_of_a_paused_service_is_refused() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(new PauseOrder("default", true, false, ExpectedRevision.none(), ChangeNote.of("a test")));

            assertThat(refusal(fixture, CanaryWeight.of(10)).reason()).isEqualTo(Reason.PAUSED);
        }
    }

    @Test
    void to_promote_the_canary_is_a_switch_to_its_slot() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(CanaryWeight.of(10));

            Receipt receipt = fixture.make(SwitchingFixture.order(new CanarySlot(), Until.DRAINED, false, false));

            assertThat(receipt.to()).isEqualTo(Slot.GREEN);
            assertThat(receipt.gate().orElseThrow().passed()).isTrue();
            assertThat(fixture.service().canary()).isEmpty();
            assertThat(fixture.newestEntry().getString("what")).isEqualTo("promote the canary");
        }
    }

    @Test
    void a_rollback_does_not_promote_the_canary_that_is_where_it_would_go() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(SwitchingFixture.to(Slot.GREEN));
            fixture.make(CanaryWeight.of(10));

            ChangeRefused refused = catchThrowableOfType(
                    ChangeRefused.class,
                    () -> fixture.make(
                            SwitchingFixture.order(new Destination.SlotBefore(), Until.DRAINED, false, false)));

            assertThat(refused.reason()).isEqualTo(Reason.NOTHING_TO_ROLL_BACK);
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void without_a_canary_there_is_nothing_to_promote() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            ChangeRefused refused = catchThrowableOfType(
                    ChangeRefused.class,
                    () -> fixture.make(SwitchingFixture.order(new CanarySlot(), Until.DRAINED, false, false)));

            assertThat(refused.reason()).isEqualTo(Reason.NO_CANARY);
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void what_the_plane_objects_to_is_refused_before_the_gate() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.objection = Optional.of("nginx can't");

            ChangeRefused refused = refusal(fixture, CanaryWeight.of(10));

            assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(fixture.green.probesAnswered()).isZero();
        }
    }

    @Test
    void a_target_is_taken_out_and_drained_and_the_other_ones_are_not_touched() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            Target target = SwitchingFixture.target(fixture.second);

            AdjustmentReport report = fixture.make(out(target));

            assertThat(report.changed()).isTrue();
            assertThat(report.gate()).isEmpty();
            assertThat(report.drain().orElseThrow().drained()).isTrue();
            assertThat(fixture.plane.retired).containsExactly(target);
            assertThat(fixture.service().blue().inRotation()).containsExactly(SwitchingFixture.target(fixture.blue));
            assertThat(fixture.savedService()).isEqualTo(fixture.service());
            assertThat(fixture.verdicts()).containsExactly("drained", "changed");
        }
    }

    @Test
    void the_last_target_in_rotation_is_taken_out_by_force_only() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            fixture.make(out(SwitchingFixture.target(fixture.second)));
            Target last = SwitchingFixture.target(fixture.blue);

            assertThat(refusal(fixture, out(last)).reason()).isEqualTo(Reason.LAST_TARGET);
            assertThat(fixture.service().blue().inRotation()).containsExactly(last);

            AdjustmentReport report =
                    fixture.make(new TargetDrain(new Command.TakeOut(last, true)), Until.DRAINED, true);

            assertThat(fixture.service().blue().inRotation()).isEmpty();
            assertThat(report.warnings()).anyMatch(warning -> warning.startsWith("No target of the active slot"));
        }
    }

    @Test
    void a_target_of_the_idle_slot_cannot_be_taken_out() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            assertThat(refusal(fixture, out(SwitchingFixture.target(fixture.green)))
                            .reason())
                    .isEqualTo(Reason.NO_TARGET);
        }
    }

    @Test
    void a_target_that_is_out_already_is_not_touched_and_its_drain_is_still_told() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, LONG)) {
            fixture.make(out(SwitchingFixture.target(fixture.second)));

            AdjustmentReport again = fixture.make(out(SwitchingFixture.target(fixture.second)));

            assertThat(again.changed()).isFalse();
            assertThat(again.drain().orElseThrow().drained()).isTrue();
        }
    }

    @Test
    void a_target_comes_back_after_a_gate_of_its_own() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, HASTY)) {
            Target target = SwitchingFixture.target(fixture.second);
            fixture.make(out(target));
            fixture.blue.probes(Effect.status(500, "not asked about"));

            AdjustmentReport report = fixture.make(back(target));

            assertThat(report.gate().orElseThrow().targets())
                    .extracting(gate -> gate.target())
                    .containsExactly(target);
            assertThat(fixture.service().blue().out()).isEmpty();
        }
    }

    @Test
    void a_sick_target_does_not_come_back_unless_forced() {
        try (SwitchingFixture fixture = SwitchingFixture.withTwoTargets(folder, HASTY)) {
            Target target = SwitchingFixture.target(fixture.second);
            fixture.make(out(target));
            fixture.second.kill();

            ChangeRefused refused = refusal(fixture, back(target));

            assertThat(refused.reason()).isEqualTo(Reason.UNHEALTHY);
            assertThat(refused).hasMessageContaining("target " + target);
            assertThat(fixture.service().blue().out()).containsExactly(target);
            assertThat(fixture.make(back(target), Until.DRAINED, true).changed())
                    .isTrue();
        }
    }

    @Test
    void what_others_have_changed_is_overwritten_by_force_only_even_if_the_state_is_right() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.drift = Optional.of("somebody wrote the file");

            assertThat(refusal(fixture, CanaryWeight.of(0)).reason()).isEqualTo(Reason.DRIFT);
            assertThat(fixture.make(CanaryWeight.of(0), Until.DRAINED, true).changed())
                    .isFalse();

            assertThat(fixture.plane.overruled).hasValue(1);
            assertThat(fixture.plane.published).hasSize(1);
        }
    }

    private static TargetDrain out(Target target) {
        return new TargetDrain(new Command.TakeOut(target, false));
    }

    private static TargetReady back(Target target) {
        return new TargetReady(new Command.PutBack(target));
    }

    private static ChangeRefused refusal(SwitchingFixture fixture, Adjustment adjustment) {
        ChangeRefused refused = catchThrowableOfType(ChangeRefused.class, () -> fixture.make(adjustment));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }
}
