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
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            Receipt receipt = depot.make(SwitchingFixture.to(Slot.GREEN));

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
            assertThat(depot.active()).isEqualTo(Slot.GREEN);
            assertThat(depot.saved()).isEqualTo(Slot.GREEN);
            assertThat(depot.plane.published)
                    .containsExactly(depot.switching.current().get());
            assertThat(depot.verdicts()).containsExactly("drained", "switched");
        }
    }

    @Test
    void to_the_slot_that_serves_already_nothing_is_done() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            Receipt receipt = depot.make(SwitchingFixture.to(Slot.BLUE));

            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.revision()).isEqualTo(1);
            assertThat(receipt.gate()).isEmpty();
            assertThat(depot.blue.probesAnswered()).isZero();
            assertThat(depot.plane.published).isEmpty();
        }
    }

    @Test
    @Guards("F10")
    void a_switch_to_a_sick_slot_is_refused_with_what_was_seen_and_leaves_nothing_behind() {
        try (SwitchingFixture depot = new SwitchingFixture(folder, HASTY, false)) {
            depot.green.probes(Effect.status(503, "starting up"));

            ChangeRefused refused = refusal(depot, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.UNHEALTHY);
            assertThat(refused).hasMessageContaining("503").hasMessageContaining("starting up");
            assertThat(refused.gate().orElseThrow().passed()).isFalse();
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
            assertThat(depot.plane.published).isEmpty();
            assertThat(depot.verdicts()).containsExactly("refused");
        }
    }

    @Test
    @Guards("F15")
    void a_slot_that_never_answers_a_probe_is_not_switched_to() {
        try (SwitchingFixture depot = new SwitchingFixture(folder, HASTY, false)) {
            depot.green.kill();

            assertThat(refusal(depot, SwitchingFixture.to(Slot.GREEN)))
                    .hasMessageContaining("refused")
                    .extracting(ChangeRefused::reason)
                    .isEqualTo(Reason.UNHEALTHY);
        }
    }

    @Test
    void a_forced_switch_asks_no_gate_and_says_so() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.green.kill();

            Receipt receipt = depot.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, true, false));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.gate()).isEmpty();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.startsWith("Forced"));
        }
    }

    @Test
    void a_dry_run_asks_the_gate_and_changes_nothing() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            Receipt receipt = depot.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, false, true));

            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.dryRun()).isTrue();
            assertThat(receipt.to()).isEqualTo(Slot.GREEN);
            assertThat(receipt.gate().orElseThrow().passed()).isTrue();
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
            assertThat(depot.plane.published).isEmpty();
        }
    }

    @Test
    void a_rollback_goes_back_once() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(depot.make(SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .to())
                    .isEqualTo(Slot.BLUE);
            assertThat(refusal(depot, SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .reason())
                    .isEqualTo(Reason.NOTHING_TO_ROLL_BACK);
        }
    }

    @Test
    void of_two_switches_at_once_the_second_is_told_who_is_at_it() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            CountDownLatch word = new CountDownLatch(1);
            depot.green.probes(Effect.heldUntil(word, Effect.ok("up")));
            CompletableFuture<Receipt> first = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            ChangeRefused second = refusal(depot, SwitchingFixture.to(Slot.GREEN));
            word.countDown();

            assertThat(second.reason()).isEqualTo(Reason.BUSY);
            assertThat(second).hasMessageContaining("switch to green").hasMessageContaining("a test");
            assertThat(first).succeedsWithin(10, TimeUnit.SECONDS).matches(Receipt::changed);
        }
    }

    @Test
    void whoever_has_the_receipt_may_ask_for_the_next_switch_at_once() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            for (int i = 0; i < 50; i++) {
                assertThat(depot.make(SwitchingFixture.order(new OtherSlot(), Until.DRAINED, true, false))
                                .changed())
                        .isTrue();
            }
            assertThat(depot.switching.current().service(Service.DEFAULT).revision())
                    .isEqualTo(51);
        }
    }

    @Test
    @Guards("F2")
    void the_new_slot_has_the_traffic_while_the_old_one_is_still_draining() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(3, 0);
            CompletableFuture<Receipt> receipt = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            Await.until("the drain has begun", () -> depot.plane.looks.get() > 3);
            assertThat(depot.plane.published).hasSize(1);
            assertThat(depot.active()).isEqualTo(Slot.GREEN);
            assertThat(receipt).isNotDone();

            depot.plane.inFlight = new InFlight.Known(0, 0);
            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(receipt.join().drain().orElseThrow().completed()).isEqualTo(3);
        }
    }

    @Test
    @Guards("F1")
    void no_receipt_says_drained_before_the_last_request_at_the_old_slot_has_ended() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<Receipt> receipt = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();

            Await.until("it has been looked at often", () -> depot.plane.looks.get() > 20);
            assertThat(receipt).isNotDone();
            depot.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(receipt.join().drain().orElseThrow().drained()).isTrue();
        }
    }

    @Test
    @Guards("F11")
    void a_request_that_is_cut_at_the_deadline_is_named_in_receipt_and_journal() {
        try (SwitchingFixture depot = new SwitchingFixture(folder, HASTY, false)) {
            Target target = Target.parse(depot.blue.address());
            depot.plane.inFlight = new InFlight.Known(2, 0);
            depot.plane.toBeCut.add(new CutRequest("GET", "/report?year=2026", 31_000, target));

            Receipt receipt = depot.make(SwitchingFixture.to(Slot.GREEN));

            DrainReport drain = receipt.drain().orElseThrow();
            assertThat(drain.drained()).isFalse();
            assertThat(drain.cut().named()).containsExactly(new CutRequest("GET", "/report?year=2026", 31_000, target));
            assertThat(drain.waitedMillis()).isGreaterThanOrEqualTo(100);
            assertThat(depot.newestEntry().getString("verdict")).isEqualTo("cut");
            assertThat(depot.newestEntry().encode()).contains("/report?year=2026");
        }
    }

    @Test
    void websockets_that_end_during_the_drain_are_counted_apart() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(7, 5);
            CompletableFuture<Receipt> receipt = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("the drain has begun", () -> depot.plane.looks.get() > 3);
            depot.plane.inFlight = new InFlight.Known(0, 0);

            DrainReport drain = receipt.join().drain().orElseThrow();
            assertThat(drain.webSocketsClosed()).isEqualTo(5);
            assertThat(drain.completed()).isEqualTo(2);
        }
    }

    @Test
    void what_can_not_be_known_is_never_called_drained() {
        try (SwitchingFixture depot = new SwitchingFixture(folder, HASTY, false)) {
            depot.plane.inFlight = new InFlight.Unknown("nobody counts here");

            Receipt receipt = depot.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.drain().orElseThrow().drained()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("nobody counts here"));
        }
    }

    @Test
    void a_caller_who_waits_for_the_switch_only_is_answered_before_the_drain_which_is_journaled_all_the_same() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.inFlight = new InFlight.Known(1, 0);

            Receipt receipt = depot.make(SwitchingFixture.order(new OtherSlot(), Until.SWITCHED, false, false));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.drain()).isEmpty();
            assertThat(refusal(depot, SwitchingFixture.to(Slot.BLUE)).reason()).isEqualTo(Reason.BUSY);
            depot.plane.inFlight = new InFlight.Known(0, 0);
            Await.until("the drain is in the journal", () -> depot.verdicts().equals(List.of("drained", "switched")));
        }
    }

    @Test
    @Guards("F10")
    void a_state_that_can_not_be_saved_is_not_published() throws IOException {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            Path inTheWay = folder.resolve("state.json.new");
            Files.createDirectories(inTheWay.resolve("full"));

            ChangeRefused refused = refusal(depot, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.STATE_NOT_SAVED);
            assertThat(refused).hasMessageContaining("slot blue of service 'default' serves as before");
            assertThat(depot.plane.published).isEmpty();
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F10")
    void a_state_that_was_not_published_is_taken_back_on_the_disk() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.publishFailure = Optional.of("nginx: [emerg] unknown directive");

            ChangeRefused refused = refusal(depot, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.NOT_PUBLISHED);
            assertThat(refused).hasMessageContaining("unknown directive. ").hasMessageContaining("Nothing has changed");
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void a_journal_that_can_not_be_written_is_a_warning_in_the_receipt() throws IOException {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            Files.delete(folder.resolve("journal.jsonl"));
            Files.createDirectory(folder.resolve("journal.jsonl"));

            Receipt receipt = depot.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("journal"));
            assertThat(depot.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void what_the_plane_objects_to_is_refused_before_anything_is_saved() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.objection = Optional.of("This style names one target only.");

            assertThat(refusal(depot, SwitchingFixture.to(Slot.GREEN)).reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void what_somebody_else_has_changed_is_overwritten_only_by_force() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.drift = Optional.of("The include file was changed at noon.");

            assertThat(refusal(depot, SwitchingFixture.to(Slot.GREEN)).reason()).isEqualTo(Reason.DRIFT);
            assertThat(depot.plane.overruled).hasValue(0);

            assertThat(depot.make(SwitchingFixture.order(new NamedSlot(Slot.GREEN), Until.DRAINED, true, false))
                            .changed())
                    .isTrue();
            assertThat(depot.plane.overruled).hasValue(1);
        }
    }

    private static Thread carrying(SwitchingFixture depot, Target target, long requests, long errors) {
        Thread traffic = new Thread(() -> {
            Await.until("the flip", () -> depot.active() == Slot.GREEN);
            depot.plane.carries(target, requests, errors, 5);
        });
        traffic.start();
        return traffic;
    }

    /** With both slots known to be up, and an active one that has had traffic. */
    private static SwitchingFixture busy(SwitchingFixture depot) {
        depot.monitor.watch(depot.switching.current().get());
        depot.switching.history().look();
        depot.plane.carries(SwitchingFixture.target(depot.blue), 1_000, 0, 5);
        Await.until("a probe", () -> depot.blue.probesAnswered() > 2);
        return depot;
    }

    @Test
    void a_watch_that_finds_nothing_worse_lets_the_switch_stand_and_drains_after_it() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            carrying(depot, SwitchingFixture.target(depot.green), 500, 0);

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(1), Until.DRAINED));

            WatchReport watch = receipt.watch().orElseThrow();
            assertThat(watch.verdict()).isEqualTo(WatchVerdict.BETTER_OR_SAME);
            assertThat(watch.before().requests()).isEqualTo(1_000);
            assertThat(watch.after().requests()).isEqualTo(500);
            assertThat(receipt.changed()).isTrue();
            assertThat(depot.plane.retired).containsExactly(SwitchingFixture.target(depot.blue));
            assertThat(depot.active()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_watch_that_finds_errors_switches_back_at_once_and_drains_the_new_slot() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            carrying(depot, SwitchingFixture.target(depot.green), 500, 100);

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
            assertThat(receipt.watch().orElseThrow().took()).isLessThan(Duration.ofSeconds(30));
            assertThat(receipt.changed()).isFalse();
            assertThat(receipt.to()).isEqualTo(Slot.BLUE);
            assertThat(receipt.revision()).isEqualTo(3);
            assertThat(depot.plane.retired).containsExactly(SwitchingFixture.target(depot.green));
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
            assertThat(depot.service().previous()).isEmpty();
            assertThat(depot.verdicts()).containsExactly("drained", "switched-back", "switched");
        }
    }

    @Test
    void a_slot_that_lets_its_clients_wait_and_answers_nobody_is_worse() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            new Thread(() -> {
                        Await.until("the flip", () -> depot.active() == Slot.GREEN);
                        depot.plane.keepsWaiting(SwitchingFixture.target(depot.green), 200);
                    })
                    .start();

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(3), Until.DRAINED));

            WatchReport watch = receipt.watch().orElseThrow();
            assertThat(watch.flippedBack()).isTrue();
            assertThat(watch.after().errors()).isEqualTo(200);
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void clients_that_are_let_wait_as_at_the_old_slot_are_no_errors() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            depot.plane.keepsWaiting(SwitchingFixture.target(depot.blue), 250);
            new Thread(() -> {
                        Await.until("the flip", () -> depot.active() == Slot.GREEN);
                        depot.plane.keepsWaiting(SwitchingFixture.target(depot.green), 250);
                        depot.plane.carries(SwitchingFixture.target(depot.green), 500, 0, 5);
                    })
                    .start();

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(3), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.BETTER_OR_SAME);
        }
    }

    @Test
    void a_worse_slot_goes_on_serving_where_the_old_one_is_down() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            carrying(depot, SwitchingFixture.target(depot.green), 500, 100);
            depot.blue.probes(Effect.status(503, "gone"));
            Await.until(
                    "the old slot's end",
                    () -> depot.monitor
                                    .of(Service.DEFAULT, SwitchingFixture.target(depot.blue))
                                    .health()
                            == Health.DOWN);

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.WORSE);
            assertThat(receipt.watch().orElseThrow().flippedBack()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("no target of slot blue is up"));
            assertThat(receipt.changed()).isTrue();
            assertThat(depot.plane.retired).as("the old slot is left as it is").isEmpty();
            assertThat(depot.verdicts()).containsExactly("worse", "switched");
            assertThat(depot.active()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_worse_slot_goes_on_serving_where_the_way_back_can_not_be_taken() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            Thread traffic = new Thread(() -> {
                Await.until("the flip", () -> depot.active() == Slot.GREEN);
                depot.plane.publishFailure = Optional.of("no");
                depot.plane.carries(SwitchingFixture.target(depot.green), 500, 100, 5);
            });
            traffic.start();

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isFalse();
            assertThat(receipt.warnings()).anyMatch(warning -> warning.contains("the way back is barred: no."));
            assertThat(depot.active()).isEqualTo(Slot.GREEN);
            assertThat(depot.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void what_was_out_of_rotation_before_is_so_again_after_the_way_back() {
        try (SwitchingFixture depot = busy(SwitchingFixture.withTwoTargets(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(1))))) {
            depot.make(new Adjustment.TargetDrain(new Command.TakeOut(SwitchingFixture.target(depot.second), false)));
            carrying(depot, SwitchingFixture.target(depot.green), 500, 100);

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
            assertThat(depot.service().blue().out()).containsExactly(SwitchingFixture.target(depot.second));
        }
    }

    @Test
    void the_next_try_is_judged_by_the_same_past() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            carrying(depot, SwitchingFixture.target(depot.green), 500, 100);
            depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));
            carrying(depot, SwitchingFixture.target(depot.green), 500, 100);

            Receipt receipt = depot.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED));

            assertThat(receipt.watch().orElseThrow().before().requests()).isEqualTo(1_000);
            assertThat(receipt.watch().orElseThrow().flippedBack()).isTrue();
        }
    }

    @Test
    void a_paused_service_can_not_be_watched() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.make(new PauseOrder(Service.DEFAULT, true, false, ExpectedRevision.none(), "a test"));

            ChangeRefused refused =
                    refusal(depot, SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(5), Until.DRAINED));

            assertThat(refused.reason()).isEqualTo(Reason.PAUSED);
        }
    }

    @Test
    void a_stop_ends_a_watch_and_leaves_the_new_slot_serving() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED))
                    .toCompletableFuture();
            Await.until("the flip", () -> depot.active() == Slot.GREEN);
            depot.switching.changes().beginStop();

            Receipt receipt = switching.join();
            assertThat(receipt.watch().orElseThrow().verdict()).isEqualTo(WatchVerdict.INCONCLUSIVE);
            assertThat(receipt.watch().orElseThrow().reason()).contains("stopped");
            assertThat(depot.saved()).isEqualTo(Slot.GREEN);
        }
    }

    @Test
    void a_rollback_ends_a_watch_and_has_the_slot_drained_once() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = watching(depot);

            Receipt rollback = depot.make(SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false));
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
            assertThat(depot.plane.retired).containsExactly(SwitchingFixture.target(depot.green));
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
            assertThat(depot.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
        }
    }

    @Test
    void a_rollback_that_is_refused_leaves_the_watch_going_and_nothing_else_may_come_in_between() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            CompletableFuture<Receipt> switching = watching(depot);
            depot.blue.kill();

            assertThat(refusal(depot, SwitchingFixture.order(new SlotBefore(), Until.DRAINED, false, false))
                            .reason())
                    .isEqualTo(Reason.UNHEALTHY);
            assertThat(refusal(depot, SwitchingFixture.to(Slot.BLUE)).reason()).isEqualTo(Reason.BUSY);
            assertThat(switching).isNotDone();
            assertThat(depot.active()).isEqualTo(Slot.GREEN);

            depot.switching.changes().beginStop();
            assertThat(switching.join().to()).isEqualTo(Slot.GREEN);
        }
    }

    private static CompletableFuture<Receipt> watching(SwitchingFixture depot) {
        CompletableFuture<Receipt> switching = depot.switching
                .switcher()
                .begin(SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(60), Until.DRAINED))
                .toCompletableFuture();
        Await.until("the watch", () -> depot.switching
                .changes()
                .ongoing(Service.DEFAULT)
                .filter(change -> change.step() == Step.WATCH)
                .isPresent());
        return switching;
    }

    @Test
    void where_traffic_is_not_counted_a_watch_is_refused_before_anything_is_done() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.plane.countsTraffic = false;

            ChangeRefused refused =
                    refusal(depot, SwitchingFixture.watched(Slot.GREEN, Duration.ofSeconds(5), Until.DRAINED));

            assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(depot.green.probesAnswered()).isZero();
        }
    }

    @Test
    void what_was_before_the_slot_became_the_active_one_is_not_held_against_it() {
        try (SwitchingFixture depot = busy(new SwitchingFixture(folder))) {
            assertThat(depot.switching.history().lately(depot.service()).requests())
                    .isEqualTo(1_000);
            depot.plane.carries(SwitchingFixture.target(depot.green), 700, 700, 5);

            depot.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(depot.switching.history().lately(depot.service())).isEqualTo(SlotTraffic.NONE);
            depot.plane.carries(SwitchingFixture.target(depot.green), 20, 1, 5);
            assertThat(depot.switching.history().lately(depot.service()).errors())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_revision_that_is_not_the_expected_one_refuses_the_switch_before_the_gate() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            SwitchOrder order = new SwitchOrder(
                    Service.DEFAULT,
                    new OtherSlot(),
                    Until.DRAINED,
                    false,
                    false,
                    Optional.empty(),
                    new ExpectedRevision(Optional.of(Set.of(5L))),
                    "a test");

            ChangeRefused refused = refusal(depot, order);

            assertThat(refused.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
            assertThat(refused).hasMessageContaining("revision 1");
            assertThat(depot.green.probesAnswered()).isZero();
        }
    }

    @Test
    void an_unknown_service_is_refused_at_once() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            SwitchOrder order = new SwitchOrder(
                    "shop",
                    new OtherSlot(),
                    Until.DRAINED,
                    false,
                    false,
                    Optional.empty(),
                    ExpectedRevision.none(),
                    "a test");

            assertThat(refusal(depot, order).reason()).isEqualTo(Reason.NO_SERVICE);
        }
    }

    @Test
    void a_gate_that_is_waited_at_is_given_up_when_turnout_stops() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.green.probes(Effect.status(503, "not yet"));
            CompletableFuture<Receipt> receipt = depot.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("the gate is asked", () -> depot.green.probesAnswered() > 0);

            depot.switching.changes().beginStop();

            assertThat(receipt)
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("nothing has changed");
            assertThat(refusal(depot, SwitchingFixture.to(Slot.GREEN)).reason()).isEqualTo(Reason.STOPPING);
            assertThat(depot.saved()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F9")
    void a_dead_active_slot_is_said_and_not_left_unasked() {
        try (SwitchingFixture depot = new SwitchingFixture(folder)) {
            depot.blue.kill();
            depot.monitor.watch(depot.switching.current().get());
            depot.switching.activeSlotCheck().begin();

            Service service = depot.switching.current().service(Service.DEFAULT);
            Await.until("the alarm is there", () -> depot.switching.warnings().of(service).stream()
                    .anyMatch(alarm -> alarm.contains("blue is down and slot green answers")));
            Await.until("there were many probes", () -> depot.green.probesAnswered() > 30);
            assertThat(depot.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    @Guards("F9")
    void a_dead_active_slot_is_left_at_the_start_where_failover_is_asked_for() {
        try (SwitchingFixture depot = new SwitchingFixture(
                folder, SwitchingFixture.times(Duration.ofSeconds(10), Duration.ofSeconds(1)), true)) {
            depot.blue.kill();
            depot.monitor.watch(depot.switching.current().get());
            depot.switching.activeSlotCheck().begin();

            Await.until("green serves", () -> depot.active() == Slot.GREEN);
            assertThat(depot.switching.current().service(Service.DEFAULT).why()).contains("turnout.failover=true");
        }
    }

    private static ChangeRefused refusal(SwitchingFixture depot, SwitchOrder order) {
        return catchThrowableOfType(ChangeRefused.class, () -> depot.make(order));
    }
}
