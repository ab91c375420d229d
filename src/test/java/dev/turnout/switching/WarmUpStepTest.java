package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.health.WarmUpPlan;
import dev.turnout.health.WarmUpReport;
import dev.turnout.routing.Slot;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Destination.OtherSlot;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmUpStepTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path folder;

    @Test
    @Guards("F13")
    void the_new_slot_is_warm_and_connected_to_before_it_gets_traffic() {
        try (SwitchingFixture fixture =
                SwitchingFixture.warming(folder, plan(List.of("/a", "/b"), false, LONG, false))) {
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(fixture.green.requests()).isEqualTo(20);
            assertThat(fixture.green.arrivals())
                    .extracting(arrival -> arrival.head().target())
                    .containsOnly("/a", "/b");
            assertThat(fixture.blue.requests()).isZero();
            assertThat(fixture.plane.connectedAhead).containsExactly(SwitchingFixture.target(fixture.green));
            WarmUpReport report = receipt.warmUp().orElseThrow().warmUp().orElseThrow();
            assertThat(report.requests()).isEqualTo(20);
            assertThat(report.failures()).isZero();
            assertThat(report.p95()).isPresent();
            assertThat(report.settled()).isEmpty();
            assertThat(receipt.warmUp().orElseThrow().connections()).isEqualTo(1);
            assertThat(receipt.warnings()).noneMatch(warning -> warning.startsWith("Warm-up"));
        }
    }

    @Test
    void without_paths_connections_are_opened_ahead_all_the_same() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.warmUp().orElseThrow().warmUp()).isEmpty();
            assertThat(fixture.plane.connectedAhead).containsExactly(SwitchingFixture.target(fixture.green));
            assertThat(fixture.green.requests()).isZero();
        }
    }

    @Test
    void a_failing_path_is_told_in_the_receipt_and_refuses_nothing() {
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/gone"), false, LONG, false))) {
            fixture.green.always(Effect.status(404, "no such page"));

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.warmUp().orElseThrow().warmUp().orElseThrow().failures())
                    .isEqualTo(10);
            assertThat(receipt.warnings())
                    .anyMatch(warning -> warning.contains("GET /gone failed at") && warning.contains("404"));
        }
    }

    @Test
    void a_failing_path_refuses_the_switch_where_the_warm_up_is_required() {
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/gone"), false, LONG, true))) {
            fixture.green.always(Effect.status(500, "broken"));

            ChangeRefused refused =
                    catchThrowableOfType(ChangeRefused.class, () -> fixture.make(SwitchingFixture.to(Slot.GREEN)));

            assertThat(refused.reason()).isEqualTo(Reason.NOT_WARM);
            assertThat(refused).hasMessageContaining("GET /gone").hasMessageContaining("500");
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.plane.published).isEmpty();
        }
    }

    @Test
    void a_path_that_never_answers_holds_the_switch_for_the_deadline_only() {
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/slow"), false, SHORT, false))) {
            fixture.green.always(Effect.heldUntil(new CountDownLatch(1), Effect.ok("too late")));

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("was not answered"));
        }
    }

    @Test
    void it_goes_on_until_answers_do_not_get_faster_where_that_is_asked_for() {
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/"), true, LONG, false))) {
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            WarmUpReport report = receipt.warmUp().orElseThrow().warmUp().orElseThrow();
            assertThat(report.settled()).contains(true);
            assertThat(report.requests()).isGreaterThanOrEqualTo(30).matches(requests -> requests % 10 == 0);
        }
    }

    @Test
    void rounds_are_announced_while_they_happen() {
        List<String> kinds = new CopyOnWriteArrayList<>();
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/"), false, LONG, false))) {
            fixture.switching.announcer().listen(announcement -> kinds.add(announcement.kind()));

            fixture.make(CanaryWeight.of(10));

            assertThat(kinds).containsSubsequence("probe", "warmup", "changed");
        }
    }

    @Test
    void neither_a_dry_run_nor_a_forced_switch_warms_anything() {
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan(List.of("/"), false, LONG, false))) {
            fixture.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, false, true));
            Receipt forced = fixture.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, true, false));

            assertThat(forced.warmUp()).isEmpty();
            assertThat(fixture.green.requests()).isZero();
            assertThat(fixture.plane.connectedAhead).isEmpty();
        }
    }

    private static WarmUpPlan plan(List<String> paths, boolean settle, Duration deadline, boolean required) {
        return new WarmUpPlan(paths, 10, settle, deadline, required);
    }
}
