package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Slot;
import dev.turnout.support.Await;
import dev.turnout.switching.ChangeRefused.Reason;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A switch that takes a rehearsal")
final class RehearsalStepTest {

    private static final int NEEDED = 200;

    @TempDir
    private Path folder;

    private SwitchingFixture fixture(Duration timeout) {
        return new SwitchingFixture(
                folder,
                new SwitchTimes(
                        service -> Duration.ofSeconds(10),
                        service -> new RehearsalGate(NEEDED, timeout),
                        service -> Duration.ofSeconds(10)),
                false);
    }

    private static Latencies times(long count, long millis) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucket(TimeUnit.MILLISECONDS.toNanos(millis))] = count;
        return Latencies.of(counts, 0);
    }

    private static RehearsalFigures figures(double percent, long pairs, long onlyIdle, Latencies idle) {
        return new RehearsalFigures(
                percent, false, 1, pairs, onlyIdle, 0, onlyIdle, 0, onlyIdle, 0, times(pairs, 20), idle);
    }

    private static RehearsalFigures good(long pairs) {
        return figures(5, pairs, 0, times(pairs, 20));
    }

    private static void awaitLooks(SwitchingFixture fixture) {
        int before = fixture.plane.rehearsalLooks.get();
        Await.until("the figures are looked at", () -> fixture.plane.rehearsalLooks.get() > before + 1);
    }

    private static ChangeRefused refusal(SwitchingFixture fixture, SwitchOrder order) {
        return catchThrowableOfType(ChangeRefused.class, () -> fixture.make(order));
    }

    @Test
    void is_made_if_the_idle_slot_is_no_worse_and_tells_the_figures() {
        try (SwitchingFixture fixture = fixture(Duration.ofSeconds(30))) {
            fixture.plane.rehearsal = good(NEEDED);

            Receipt receipt = fixture.make(SwitchingFixture.to(Slot.GREEN));

            assertThat(receipt.changed()).isTrue();
            JsonObject rehearsal = receipt.json(GateDetail.LATEST).getJsonObject("rehearsal");
            assertThat(rehearsal.getString("verdict")).isEqualTo("better-or-same");
            assertThat(rehearsal.getLong("requests")).isEqualTo(NEEDED);
            assertThat(rehearsal.getJsonObject("idle").getString("slot")).isEqualTo("green");
            assertThat(rehearsal.getJsonObject("idle").getDouble("p99Millis")).isEqualTo(20);
        }
    }

    @Test
    void is_refused_at_once_if_the_idle_slot_fails_and_nothing_changes() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            fixture.plane.rehearsal = figures(5, NEEDED, 20, times(NEEDED, 20));

            ChangeRefused refused = refusal(fixture, SwitchingFixture.to(Slot.GREEN));

            assertThat(refused.reason()).isEqualTo(Reason.REHEARSAL);
            assertThat(refused)
                    .hasMessageContaining("20 of 200 copies failed")
                    .hasMessageContaining("slot blue serves");
            assertThat(refused.facts().getJsonObject("rehearsal").getString("verdict"))
                    .isEqualTo("fails");
            assertThat(fixture.active()).isEqualTo(Slot.BLUE);
            assertThat(fixture.saved()).isEqualTo(Slot.BLUE);
            assertThat(fixture.plane.published).isEmpty();
            assertThat(fixture.verdicts()).containsExactly("refused");
        }
    }

    @Test
    void is_refused_at_once_if_no_request_is_copied() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            fixture.plane.rehearsal = figures(0, NEEDED - 1, 0, times(NEEDED - 1, 20));

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)))
                    .hasMessageContaining("199 requests have been rehearsed, and it takes 200")
                    .hasMessageContaining("turnout rehearsal on");
        }
    }

    @Test
    void is_refused_when_the_time_is_over_and_too_few_requests_were_copied() {
        try (SwitchingFixture fixture = fixture(Duration.ofMillis(300))) {
            fixture.plane.rehearsal = good(10);

            assertThat(refusal(fixture, SwitchingFixture.to(Slot.GREEN)))
                    .hasMessageContaining("10 requests have been rehearsed, and it takes 200");
        }
    }

    @Test
    void waits_until_enough_requests_were_copied() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            fixture.plane.rehearsal = good(10);
            CompletableFuture<Receipt> made =
                    CompletableFuture.supplyAsync(() -> fixture.make(SwitchingFixture.to(Slot.GREEN)));
            awaitLooks(fixture);
            fixture.plane.rehearsal = good(NEEDED);

            assertThat(made.join().changed()).isTrue();
        }
    }

    @Test
    void gives_a_version_that_is_slow_at_its_beginning_time_to_become_fast() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            Latencies slow = times(NEEDED, 80);
            fixture.plane.rehearsal = figures(5, NEEDED, 0, slow);
            CompletableFuture<Receipt> made =
                    CompletableFuture.supplyAsync(() -> fixture.make(SwitchingFixture.to(Slot.GREEN)));
            awaitLooks(fixture);
            for (int more = 50; more <= NEEDED + 50 && !made.isDone(); more += 50) {
                int before = fixture.plane.rehearsalLooks.get();
                Await.until(
                        "the figures are looked at",
                        () -> made.isDone() || fixture.plane.rehearsalLooks.get() > before + 1);
                fixture.plane.rehearsal = figures(5, NEEDED + more, 0, slow.plus(times(more, 20)));
            }

            assertThat(made.join().changed()).isTrue();
        }
    }

    @Test
    void is_refused_if_a_slow_version_stays_slow() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            fixture.plane.rehearsal = figures(5, NEEDED, 0, times(NEEDED, 80));
            CompletableFuture<Receipt> made =
                    CompletableFuture.supplyAsync(() -> fixture.make(SwitchingFixture.to(Slot.GREEN)));
            awaitLooks(fixture);
            assertThat(made).isNotDone();
            fixture.plane.rehearsal = figures(5, NEEDED * 4L, 0, times(NEEDED * 4L, 80));

            CompletionException failure = catchThrowableOfType(CompletionException.class, made::join);
            assertThat(failure).hasMessageContaining("the idle slot is slower: p50 84.0 ms");
        }
    }

    @Test
    void asks_nothing_if_it_is_forced_or_takes_a_switch_back() {
        try (SwitchingFixture fixture = fixture(Duration.ofMinutes(10))) {
            assertThat(fixture.make(SwitchingFixture.order(
                                    new Destination.NamedSlot(Slot.GREEN), SwitchOrder.Until.DRAINED, true, false))
                            .changed())
                    .isTrue();
            assertThat(fixture.make(SwitchingFixture.order(
                                    new Destination.SlotBefore(), SwitchOrder.Until.DRAINED, false, false))
                            .changed())
                    .isTrue();
        }
    }
}
