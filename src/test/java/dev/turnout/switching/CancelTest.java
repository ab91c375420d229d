package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.health.WarmUpPlan;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Slot;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.switching.ChangeRefused.Reason;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cancellation of a change: before its commit, or not at all. */
final class CancelTest {

    private static final int ROUNDS = 300;
    private static final ChangeNote SOMEBODY = new ChangeNote(
            "127.0.0.1", Optional.of("minji"), Optional.empty(), Optional.empty(), Optional.empty(), new TreeSet<>());

    @TempDir
    Path folder;

    private static CompletableFuture<Change> cancel(SwitchingFixture fixture) {
        return fixture.switching
                .changes()
                .cancel(fixture.service(), ExpectedRevision.none(), SOMEBODY)
                .toCompletableFuture();
    }

    private static ChangeRefused refusal(CompletableFuture<?> change) {
        return (ChangeRefused) change.handle((report, failure) ->
                        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static void awaitStep(SwitchingFixture fixture, Step step) {
        Await.until("the change is at " + step, () -> fixture.switching
                .changes()
                .ongoing("default")
                .map(Change::step)
                .equals(Optional.of(step)));
    }

    @Test
    void a_switch_at_its_gate_is_cancelled_at_once_and_tells_what_the_gate_saw() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.green.probes(Effect.status(503, "starting"));
            List<ChangeEvent> events = new CopyOnWriteArrayList<>();
            fixture.switching.announcer().listen(events::add);
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("a probe has ended", () -> events.stream()
                    .anyMatch(event -> event.kind().equals("probe")));

            Change cancelled = cancel(fixture).orTimeout(5, TimeUnit.SECONDS).join();

            assertThat(cancelled.what()).isEqualTo("switch to green");
            assertThat(fixture.switching.changes().ongoing("default")).isEmpty();
            ChangeRefused refused = refusal(receipt);
            assertThat(refused.reason()).isEqualTo(Reason.CANCELLED);
            assertThat(refused).hasMessageContaining("minji").hasMessageContaining("Nothing has changed");
            assertThat(refused.gate().orElseThrow().targets().get(0).tally()).contains("503");
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.newestEntry().getString("verdict")).isEqualTo("refused");
            assertThat(fixture.newestEntry().getJsonObject("problem").getString("reason"))
                    .isEqualTo("CANCELLED");
            assertThat(events).last().satisfies(event -> assertThat(event.kind())
                    .isEqualTo("refused"));
        }
    }

    @Test
    void a_canary_at_its_gate_is_cancelled_too() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            CountDownLatch word = new CountDownLatch(1);
            fixture.green.probes(Effect.heldUntil(word, Effect.ok("up")));
            CompletableFuture<AdjustmentReport> report = fixture.switching
                    .adjuster()
                    .begin(new AdjustmentOrder(
                            "default",
                            Adjustment.CanaryWeight.of(10),
                            SwitchOrder.Until.DRAINED,
                            false,
                            false,
                            ExpectedRevision.none(),
                            ChangeNote.of("a test")))
                    .toCompletableFuture();
            awaitStep(fixture, Step.GATE);

            cancel(fixture).orTimeout(5, TimeUnit.SECONDS).join();
            word.countDown();

            assertThat(refusal(report).reason()).isEqualTo(Reason.CANCELLED);
            assertThat(fixture.service().canary()).isEmpty();
        }
    }

    @Test
    void a_switch_in_its_warm_up_is_cancelled_with_the_gate_that_it_has_passed() {
        WarmUpPlan plan = new WarmUpPlan(List.of("/slow"), 1, false, Duration.ofSeconds(20), false);
        try (SwitchingFixture fixture = SwitchingFixture.warming(folder, plan)) {
            CountDownLatch word = new CountDownLatch(1);
            fixture.green.always(Effect.heldUntil(word, Effect.ok("warm")));
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            awaitStep(fixture, Step.WARMUP);

            cancel(fixture).orTimeout(5, TimeUnit.SECONDS).join();
            word.countDown();

            ChangeRefused refused = refusal(receipt);
            assertThat(refused.reason()).isEqualTo(Reason.CANCELLED);
            assertThat(refused.gate().orElseThrow().passed()).isTrue();
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
        }
    }

    @Test
    void after_the_flip_it_is_too_late() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.plane.inFlight = new InFlight.Known(1, 0);
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            awaitStep(fixture, Step.DRAIN);

            assertThatThrownBy(() -> cancel(fixture))
                    .isInstanceOfSatisfying(ChangeRefused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Reason.TOO_LATE))
                    .hasMessageContaining("rollback");
            fixture.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS).matches(Receipt::changed);
        }
    }

    @Test
    void without_a_change_there_is_nothing_to_cancel() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            assertThatThrownBy(() -> cancel(fixture))
                    .isInstanceOfSatisfying(ChangeRefused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Reason.NOTHING_TO_CANCEL));
        }
    }

    /** Either the cancellation holds and nothing has changed, or the switch holds and the cancellation is refused. */
    @Test
    void a_cancellation_and_a_flip_at_the_same_time_never_both_hold() {
        Random random = new Random(7);
        int cancelled = 0;
        int late = 0;
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            for (int round = 0; round < ROUNDS; round++) {
                Slot before = fixture.active();
                long revision = fixture.service().revision();
                CompletableFuture<Receipt> receipt = fixture.switching
                        .switcher()
                        .begin(SwitchingFixture.order(
                                new Destination.OtherSlot(), SwitchOrder.Until.DRAINED, round % 3 == 0, false))
                        .toCompletableFuture();
                Await.pause(Duration.ofNanos(random.nextInt(round % 3 == 0 ? 2_000_000 : 30_000_000)));
                boolean isCancelled = isCancelled(fixture);
                ChangeRefused refused = refusal(receipt);
                if (isCancelled) {
                    cancelled++;
                    assertThat(refused.reason()).isEqualTo(Reason.CANCELLED);
                    assertThat(fixture.service().revision()).isEqualTo(revision);
                } else {
                    late++;
                    assertThat(refused).isNull();
                    assertThat(fixture.service().revision()).isEqualTo(revision + 1);
                    assertThat(fixture.active()).isEqualTo(before.other());
                }
                assertThat(fixture.savedService()).isEqualTo(fixture.service());
            }
        }
        assertThat(cancelled).isPositive();
        assertThat(late).isPositive();
    }

    private static boolean isCancelled(SwitchingFixture fixture) {
        try {
            cancel(fixture).orTimeout(5, TimeUnit.SECONDS).join();
            return true;
        } catch (ChangeRefused refused) {
            assertThat(refused.reason()).isIn(Reason.TOO_LATE, Reason.NOTHING_TO_CANCEL);
            return false;
        }
    }

    @Test
    void the_entry_of_a_change_tells_who_asked_and_why() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            ChangeNote note = new ChangeNote(
                    "127.0.0.1 (curl)",
                    Optional.of("민지"),
                    Optional.of("1.4.2"),
                    Optional.of("결제 오류"),
                    Optional.empty(),
                    new TreeSet<>());
            fixture.make(SwitchingFixture.noted(new Destination.OtherSlot(), note));

            JsonObject entry = fixture.newestEntry();
            assertThat(entry.getString("who")).isEqualTo("127.0.0.1 (curl)");
            assertThat(entry.getString("by")).isEqualTo("민지");
            assertThat(entry.getString("version")).isEqualTo("1.4.2");
            assertThat(entry.getString("note")).isEqualTo("결제 오류");
            assertThat(entry.getJsonObject("receipt").getString("version")).isEqualTo("1.4.2");
        }
    }
}
