package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.health.Health;
import dev.turnout.routing.Command;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Destination.NamedSlot;
import dev.turnout.switching.Destination.OtherSlot;
import dev.turnout.switching.Destination.SlotBefore;
import dev.turnout.switching.SwitchOrder.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SwitcherTest {

    private static final SwitchTimes HASTY = SwitchingFixture.times(Duration.ofSeconds(1), Duration.ofMillis(100));

    @TempDir
    Path folder;

    @Test
    void a_switch_persists_publishes_and_tells_it_in_the_receipt() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.from()).isEqualTo(Slot.BLUE);
            assertThat(receipt.to()).isEqualTo(Slot.GREEN);
            assertThat(receipt.revision()).isEqualTo(2);
            assertThat(receipt.gate().orElseThrow().passed()).isTrue();
            assertThat(receipt.drain().orElseThrow().drained()).isTrue();
            assertThat(receipt.startedAt())
                    .isBeforeOrEqualTo(receipt.switchedAt().orElseThrow());
            assertThat(receipt.switchedAt().orElseThrow())
                    .isBeforeOrEqualTo(receipt.finishedAt().orElseThrow());
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
            assertThat(fixture.saved()).isEqualTo(Slot.GREEN);
            assertThat(fixture.plane.published)
                    .containsExactly(fixture.switching.current().get());
            assertThat(fixture.verdicts()).containsExactly("drained", "switched");
        }
    }

    @Test
    void to_the_slot_that_serves_already_nothing_is_done() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.BLUE));

            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.revision()).isEqualTo(1);
            assertThat(receipt.gate()).isEmpty();
            assertThat(fixture.blue.probesAnswered()).isZero();
            assertThat(fixture.plane.published).isEmpty();
        }
    }

    @Test
    void no_receipt_says_that_the_slot_of_a_canary_is_drained() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(CanaryWeight.of(10));

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.BLUE));

            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.drain()).isEmpty();
            assertThat(receipt.warnings())
                    .contains("Slot green is not drained: the canary sends 10 % of the clients to it.");
        }
    }

    @Test
    @Guards("F10")
    void a_switch_to_a_sick_slot_is_refused_with_what_was_seen_and_leaves_nothing_behind() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.green.probes(Effect.status(503, "starting up"));

            ChangeRefused refused = refusal(fixture, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.UNHEALTHY);
            assertThat(refused).hasMessageContaining("503").hasMessageContaining("starting up");
            assertThat(refused.gate().orElseThrow().passed()).isFalse();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.plane.published).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("refused");
            assertThat(fixture.newestEntry().getInstant("startedAt"))
                    .isBefore(fixture.newestEntry().getInstant("at"));
        }
    }

    @Test
    @Guards("F15")
    void a_slot_that_never_answers_a_probe_is_not_switched_to() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.green.kill();

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)))
                    .hasMessageContaining("refused")
                    .extracting(ChangeRefused::reason)
                    .isEqualTo(Reason.UNHEALTHY);
        }
    }

    @Test
    void a_forced_switch_asks_no_gate_and_says_so() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.green.kill();

            Receipt receipt = fixture.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, true, false));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.gate()).isEmpty();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.startsWith("Forced"));
        }
    }

    @Test
    void a_dry_run_asks_the_gate_and_changes_nothing() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Receipt receipt = fixture.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, false, true));

            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.dryRun()).isTrue();
            assertThat(receipt.to()).isEqualTo(Slot.GREEN);
            assertThat(receipt.gate().orElseThrow().passed()).isTrue();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.plane.published).isEmpty();
        }
    }

    @Test
    void a_rollback_goes_back_once() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(fixture.make(SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .to())
                    .isEqualTo(Slot.BLUE);
            assertThat(refusal(fixture, SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .reason())
                    .isEqualTo(Reason.NOTHING_TO_ROLL_BACK);
        }
    }

    @Test
    void of_two_switches_at_once_the_second_is_refused_and_told_about_the_first() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            CountDownLatch word = new CountDownLatch(1);
            fixture.green.probes(Effect.heldUntil(word, Effect.ok("up")));
            CompletableFuture<Receipt> first = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            ChangeRefused second = refusal(fixture, SwitchingFixture.to(Slot.GREEN));
            word.countDown();

            assertThat(second.reason()).isEqualTo(Reason.BUSY);
            assertThat(second).hasMessageContaining("switch to green").hasMessageContaining("a test");
            assertThat(first).succeedsWithin(10, TimeUnit.SECONDS).matches(Receipt::changed);
        }
    }

    @Test
    void who_has_the_receipt_may_ask_for_the_next_switch_at_once() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            for (int i = 0; i < 50; i++) {
                assertThat(fixture.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, true, false))
                                .changed())
                        .isTrue();
            }
            assertThat(fixture.switching.current().service(Service.DEFAULT).revision())
                    .isEqualTo(51);
        }
    }

    @Test
    @Guards("F2")
    void the_new_slot_has_the_traffic_while_the_old_one_is_still_draining() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(3, 0);
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            Await.until("the drain has begun", () -> fixture.plane.looks.get() > 3);
            assertThat(fixture.plane.published).hasSize(1);
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
            assertThat(receipt).isNotDone();

            fixture.plane.inFlight = new InFlight.Known(0, 0);
            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(receipt.join().drain().orElseThrow().completed()).isEqualTo(3);
        }
    }

    @Test
    @Guards("F1")
    void no_receipt_says_drained_before_the_last_request_at_the_old_slot_has_ended() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            Await.until("it has been looked at often", () -> fixture.plane.looks.get() > 20);
            assertThat(receipt).isNotDone();
            fixture.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(receipt.join().drain().orElseThrow().drained()).isTrue();
        }
    }

    @Test
    @Guards("F11")
    void a_request_that_is_cut_at_the_deadline_is_named_in_receipt_and_journal() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            Target target = Target.parse(fixture.blue.address());
            fixture.plane.inFlight = new InFlight.Known(2, 0);
            fixture.plane.toBeCut.add(new CutRequest("GET", "/report?year=2026", 31_000, target));

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            DrainReport drain = receipt.drain().orElseThrow();
            assertThat(drain.drained()).isFalse();
            assertThat(drain.cut().named()).containsExactly(new CutRequest("GET", "/report?year=2026", 31_000, target));
            assertThat(drain.waitedMillis()).isGreaterThanOrEqualTo(100);
            assertThat(fixture.newestEntry().getString("verdict")).isEqualTo("cut");
            assertThat(fixture.newestEntry().encode()).contains("/report?year=2026");
        }
    }

    @Test
    void websockets_that_end_during_the_drain_are_counted_apart() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(7, 5);
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("the drain has begun", () -> fixture.plane.looks.get() > 3);
            fixture.plane.inFlight = new InFlight.Known(0, 0);

            DrainReport drain = receipt.join().drain().orElseThrow();
            assertThat(drain.webSocketsClosed()).isEqualTo(5);
            assertThat(drain.completed()).isEqualTo(2);
        }
    }

    @Test
    void what_can_not_be_known_is_never_called_drained() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder, HASTY, false)) {
            fixture.plane.inFlight = new InFlight.Unknown("nobody counts here");

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.drain().orElseThrow().drained()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("nobody counts here"));
        }
    }

    @Test
    void a_caller_who_waits_for_the_switch_only_is_answered_before_the_drain_which_is_still_journaled() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(1, 0);

            Receipt receipt = fixture.make(SwitchingFixture.order(new OtherSlot(), Until.SWITCHED, false, false));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.drain()).isEmpty();
            assertThat(refusal(fixture, SwitchingFixture.to(Slot.BLUE)).reason())
                    .isEqualTo(Reason.BUSY);
            fixture.plane.inFlight = new InFlight.Known(0, 0);
            Await.until("the drain is in the journal", () -> fixture.verdicts().equals(List.of("drained", "switched")));
        }
    }

    @Test
    @Guards("F10")
    void a_state_that_can_not_be_saved_is_not_published() throws IOException {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Path inTheWay = folder.resolve("state.json.new");
            Files.createDirectories(inTheWay.resolve("full"));

            ChangeRefused refused = refusal(fixture, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.STATE_NOT_SAVED);
            assertThat(refused).hasMessageContaining("slot blue of service 'default' serves as before");
            assertThat(fixture.plane.published).isEmpty();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F10")
    void a_state_that_was_not_published_is_taken_back_on_the_disk() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.publishFailure = Optional.of("nginx: [emerg] unknown directive");

            ChangeRefused refused = refusal(fixture, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.NOT_PUBLISHED);
            assertThat(refused).hasMessageContaining("unknown directive. ").hasMessageContaining("Nothing has changed");
            assertThat(refused.facts().containsKey("inForce")).isFalse();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    /** A stop interrupts a change that nginx keeps waiting. */
    @Test
    @Guards("F10")
    void a_state_that_was_not_published_is_taken_back_by_an_interrupted_change_too() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.atPublish = () -> Thread.currentThread().interrupt();
            fixture.plane.publishFailure = Optional.of("nginx: [emerg] unknown directive");

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)).reason())
                    .isEqualTo(Reason.NOT_PUBLISHED);

            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F10")
    void a_state_that_was_not_published_may_be_in_force_if_the_way_back_failed_too() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.publishFailure = Optional.of("restore failed: not confirmed");
            fixture.plane.driftAfterFailure = Optional.of("restore failed: not confirmed");

            ChangeRefused refused = refusal(fixture, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.NOT_PUBLISHED);
            assertThat(refused.getMessage()).doesNotContain("Nothing has changed");
            assertThat(refused.facts().getString("inForce")).isEqualTo("unknown");
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void a_journal_that_can_not_be_written_is_a_warning_in_the_receipt() throws IOException {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            Files.delete(folder.resolve("journal.jsonl"));
            Files.createDirectory(folder.resolve("journal.jsonl"));

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("journal"));
            assertThat(fixture.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void what_the_plane_objects_to_is_refused_before_anything_is_saved() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.objection = Optional.of("This style names one target only.");

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)).reason())
                    .isEqualTo(Reason.UNSUPPORTED);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void what_somebody_else_has_changed_is_overwritten_only_by_force() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.drift = Optional.of("The include file was changed at noon.");

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)).reason())
                    .isEqualTo(Reason.DRIFT);
            assertThat(fixture.plane.overruled).hasValue(0);

            assertThat(fixture.make(SwitchingFixture.order(new NamedSlot(Slot.GREEN), Until.DRAINED, true, false))
                            .changed())
                    .isTrue();
            assertThat(fixture.plane.overruled).hasValue(1);
        }
    }

    private static Thread carrying(SwitchingFixture fixture, Target target, long requests, long errors) {
        Thread traffic = new Thread(() -> {
            Await.until("the flip", () -> fixture.active() == Slot.GREEN);
            fixture.plane.carries(target, requests, errors, 5);
        });
        traffic.start();
        return traffic;
    }

    /** With both slots known to be up, and an active one that has had traffic. */
    private static SwitchingFixture busy(SwitchingFixture fixture) {
        fixture.monitor.watch(fixture.switching.current()::get);
        fixture.switching.history().look();
        fixture.plane.carries(SwitchingFixture.target(fixture.blue), 1_000, 0, 5);
        Await.until("a probe", () -> fixture.blue.probesAnswered() > 2);
        return fixture;
    }

    @Test
    void a_watch_that_finds_nothing_worse_lets_the_switch_stand_and_drains_after_it() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 0);

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(1), Until.DRAINED));

            WatchReport watch = receipt.watch().orElseThrow();
            assertThat(watch.verdict()).isEqualTo(WatchVerdict.BETTER_OR_SAME);
            assertThat(watch.before().requests()).isEqualTo(1_000);
            assertThat(watch.after().requests()).isEqualTo(500);
            assertThat(receipt.changed()).isTrue();
            assertThat(fixture.plane.retired).containsExactly(SwitchingFixture.target(fixture.blue));
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_watch_that_finds_errors_switches_back_at_once_and_drains_the_new_slot() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
            assertThat(receipt.watch().orElseThrow().took()).isLessThan(Duration.ofSeconds(30));
            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.to()).isEqualTo(Slot.BLUE);
            assertThat(receipt.revision()).isEqualTo(3);
            assertThat(fixture.plane.retired).containsExactly(SwitchingFixture.target(fixture.green));
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.service().previous()).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("drained", "switched-back", "switched");
        }
    }

    @Test
    void a_slot_that_answers_no_client_is_judged_worse() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            new Thread(() -> {
                        Await.until("the flip", () -> fixture.active() == Slot.GREEN);
                        fixture.plane.keepsWaiting(SwitchingFixture.target(fixture.green), 200);
                    })
                    .start();

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(3), Until.DRAINED));

            WatchReport watch = receipt.watch().orElseThrow();
            assertThat(watch.flippedBack()).isTrue();
            assertThat(watch.after().errors()).isEqualTo(200);
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void clients_that_wait_as_long_as_at_the_old_slot_are_no_errors() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            fixture.plane.keepsWaiting(SwitchingFixture.target(fixture.blue), 250);
            new Thread(() -> {
                        Await.until("the flip", () -> fixture.active() == Slot.GREEN);
                        fixture.plane.keepsWaiting(SwitchingFixture.target(fixture.green), 250);
                        fixture.plane.carries(SwitchingFixture.target(fixture.green), 500, 0, 5);
                    })
                    .start();

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(3), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        }
    }

    @Test
    void a_worse_slot_stays_active_if_the_old_slot_is_down() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);
            fixture.blue.probes(Effect.status(503, "gone"));
            Await.until(
                    "the old slot's end",
                    () -> fixture.monitor
                                    .of(Service.DEFAULT, SwitchingFixture.target(fixture.blue))
                                    .health()
                            == Health.DOWN);

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.WORSE);
            assertThat(receipt.watch().orElseThrow().flippedBack()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("no target of slot blue is up"));
            assertThat(receipt.changed()).isTrue();
            assertThat(fixture.plane.retired)
                    .as("the old slot is left as it is")
                    .isEmpty();
            assertThat(fixture.verdicts()).containsExactly("worse", "switched");
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_worse_slot_stays_active_if_switching_back_fails() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            Thread traffic = new Thread(() -> {
                Await.until("the flip", () -> fixture.active() == Slot.GREEN);
                fixture.plane.publishFailure = Optional.of("no");
                fixture.plane.carries(SwitchingFixture.target(fixture.green), 500, 100, 5);
            });
            traffic.start();

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("the way back is barred: no."));
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);
            assertThat(fixture.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_target_that_was_out_of_rotation_is_out_again_after_switching_back() {
        try (SwitchingFixture fixture = busy(SwitchingFixture.withTwoTargets(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(1))))) {
            fixture.make(
                    new Adjustment.TargetDrain(new Command.TakeOut(SwitchingFixture.target(fixture.second), false)));
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
            assertThat(fixture.service().blue().out()).containsExactly(SwitchingFixture.target(fixture.second));
        }
    }

    @Test
    void the_next_switch_is_judged_by_the_same_history() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);
            fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));
            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);

            Receipt receipt = fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().before().requests()).isEqualTo(1_000);
            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
        }
    }

    @Test
    void a_paused_service_can_not_be_watched() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.make(
                    new PauseOrder(Service.DEFAULT, true, false, ExpectedRevision.none(), ChangeNote.of("a test")));

            ChangeRefused refused =
                    refusal(fixture, SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(5), Until.DRAINED));

            assertThat(refused.reason()).isEqualTo(Reason.PAUSED);
        }
    }

    @Test
    void a_stop_ends_a_watch_and_leaves_the_new_slot_serving() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED))
                    .toCompletableFuture();
            Await.until("the flip", () -> fixture.active() == Slot.GREEN);
            fixture.switching.changes().beginStop();

            Receipt receipt = switching.join();
            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.INCONCLUSIVE);
            assertThat(receipt.watch().orElseThrow().reason()).contains("stopped");
            assertThat(fixture.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_rollback_ends_a_watch_and_has_the_slot_drained_once() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = watching(fixture);

            Receipt rollback = fixture.make(SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false));
            Receipt receipt = switching.join();

            assertThat(rollback.changed()).isTrue();
            assertThat(rollback.to()).isEqualTo(Slot.BLUE);
            assertThat(rollback.drain()).isPresent();
            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.to()).isEqualTo(Slot.BLUE);
            assertThat(receipt.revision()).isEqualTo(3);
            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.INCONCLUSIVE);
            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
            assertThat(receipt.watch().orElseThrow().reason()).contains("taken back");
            assertThat(fixture.plane.retired).containsExactly(SwitchingFixture.target(fixture.green));
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
        }
    }

    @Test
    void a_rollback_that_is_refused_leaves_the_watch_going_and_nothing_else_may_come_in_between() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = watching(fixture);
            fixture.blue.kill();

            assertThat(refusal(fixture, SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .reason())
                    .isEqualTo(Reason.UNHEALTHY);
            assertThat(refusal(fixture, SwitchingFixture.to(Slot.BLUE)).reason())
                    .isEqualTo(Reason.BUSY);
            assertThat(switching).isNotDone();
            assertThat(fixture.active()).isEqualTo(Slot.GREEN);

            fixture.switching.changes().beginStop();
            assertThat(switching.join().to()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_rollback_that_waits_at_its_gate_keeps_no_watch_from_switching_back() {
        SwitchTimes patient = SwitchingFixture.times(Duration.ofSeconds(50), Duration.ofSeconds(1));
        try (SwitchingFixture fixture = busy(SwitchingFixture.withTwoTargets(folder, patient))) {
            CompletableFuture<Receipt> switching = watching(fixture);
            fixture.second.kill();
            CompletableFuture<Receipt> rollback = begin(fixture, rollback(false));
            awaitStep(fixture, Step.GATE);

            carrying(fixture, SwitchingFixture.target(fixture.green), 500, 100);

            assertThat(switching.join().watch().orElseThrow().flippedBack()).isTrue();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(catchThrowableOfType(CompletionException.class, rollback::join)
                            .getCause())
                    .isInstanceOfSatisfying(ChangeRefused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Reason.CANCELLED))
                    .hasMessageContaining("was cancelled by the watch, which has found slot green worse");
            assertThat(fixture.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
        }
    }

    @Test
    void a_rollback_that_is_only_tried_comes_in_between_no_watch() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = watching(fixture);

            assertThat(refusal(fixture, rollback(true)).reason()).isEqualTo(Reason.BUSY);

            fixture.switching.changes().beginStop();
            assertThat(switching.join().to()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void who_has_the_receipt_of_a_rollback_that_ended_a_watch_may_ask_for_the_next_change_at_once() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            for (int i = 0; i < 5; i++) {
                CompletableFuture<Receipt> switching = watching(fixture);
                fixture.make(rollback(false));

                assertThat(fixture.make(CanaryWeight.of(10)).changed()).isTrue();
                fixture.make(CanaryWeight.of(0));
                assertThat(switching.join().changed()).isFalse();
            }
        }
    }

    private static SwitchOrder rollback(boolean dryRun) {
        return SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, dryRun);
    }

    private static CompletableFuture<Receipt> begin(SwitchingFixture fixture, SwitchOrder order) {
        return fixture.switching.switcher().begin(order).toCompletableFuture();
    }

    private static void awaitStep(SwitchingFixture fixture, Step step) {
        Await.until("the step " + step, () -> fixture.switching
                .changes()
                .ongoing(Service.DEFAULT)
                .filter(change -> change.step() == step)
                .isPresent());
    }

    private static CompletableFuture<Receipt> watching(SwitchingFixture fixture) {
        CompletableFuture<Receipt> switching =
                begin(fixture, SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));
        awaitStep(fixture, Step.WATCH);
        return switching;
    }

    @Test
    void where_traffic_is_not_counted_a_watch_is_refused_before_anything_is_done() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.countsTraffic = false;

            ChangeRefused refused =
                    refusal(fixture, SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(5), Until.DRAINED));

            assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(fixture.green.probesAnswered()).isZero();
        }
    }

    @Test
    void traffic_from_before_a_slot_became_active_is_not_part_of_its_history() {
        try (SwitchingFixture fixture = busy(new SwitchingFixture(folder))) {
            assertThat(fixture.switching.history().lately(fixture.service()).requests())
                    .isEqualTo(1_000);
            fixture.plane.carries(SwitchingFixture.target(fixture.green), 700, 700, 5);

            fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(fixture.switching.history().lately(fixture.service())).isEqualTo(SlotTraffic.NONE);
            fixture.plane.carries(SwitchingFixture.target(fixture.green), 20, 1, 5);
            assertThat(fixture.switching.history().lately(fixture.service()).errors())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_revision_that_is_not_the_expected_one_refuses_the_switch_before_the_gate() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            SwitchOrder order = new SwitchOrder(
                    Service.DEFAULT,
                    new OtherSlot(),
                    Until.DRAINED,
                    false,
                    false,
                    Optional.empty(),
                    ExpectedRevision.of(Set.of(5L)),
                    ChangeNote.of("a test"));

            ChangeRefused refused = refusal(fixture, order);

            assertThat(refused.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
            assertThat(refused).hasMessageContaining("revision 1");
            assertThat(fixture.green.probesAnswered()).isZero();
        }
    }

    @Test
    void an_unknown_service_is_refused_at_once() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            SwitchOrder order = new SwitchOrder(
                    "shop",
                    new OtherSlot(),
                    Until.DRAINED,
                    false,
                    false,
                    Optional.empty(),
                    ExpectedRevision.none(),
                    ChangeNote.of("a test"));

            assertThat(refusal(fixture, order).reason()).isEqualTo(Reason.NO_SERVICE);
        }
    }

    @Test
    void a_switch_that_waits_at_the_gate_is_given_up_when_turnout_stops() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.green.probes(Effect.status(503, "not yet"));
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("the gate is asked", () -> fixture.green.probesAnswered() > 0);

            fixture.switching.changes().beginStop();

            assertThat(receipt)
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("nothing has changed");
            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)).reason())
                    .isEqualTo(Reason.STOPPING);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F9")
    void a_dead_active_slot_is_a_warning_and_stays_active() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.blue.kill();
            fixture.monitor.watch(fixture.switching.current()::get);
            fixture.switching.activeSlotCheck().begin();

            Service service = fixture.switching.current().service(Service.DEFAULT);
            Await.until("the alarm is there", () -> fixture.switching.warnings().of(service).stream()
                    .anyMatch(alarm -> alarm.english().contains("blue is down and slot green answers")
                            && alarm.korean().contains("blue")));
            Await.until("there were many probes", () -> fixture.green.probesAnswered() > 30);
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F9")
    void a_dead_active_slot_is_left_at_the_start_if_failover_is_configured() {
        try (SwitchingFixture fixture = new SwitchingFixture(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(1)), true)) {
            fixture.blue.kill();
            fixture.monitor.watch(fixture.switching.current()::get);
            fixture.switching.activeSlotCheck().begin();

            Await.until("green serves", () -> fixture.active() == Slot.GREEN);
            assertThat(fixture.switching.current().service(Service.DEFAULT).why())
                    .contains("turnout.failover=true");
        }
    }

    private static ChangeRefused refusal(SwitchingFixture fixture, SwitchOrder order) {
        return catchThrowableOfType(ChangeRefused.class, () -> fixture.make(order));
    }
}
