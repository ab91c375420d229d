package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Slot;
import dev.turnout.support.Await;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events that tell how far a step is. */
final class ProgressTest {

    @TempDir
    Path folder;

    private final List<ChangeEvent> events = new CopyOnWriteArrayList<>();

    private List<JsonObject> of(String kind) {
        return events.stream()
                .filter(event -> event.kind().equals(kind))
                .map(ChangeEvent::detail)
                .toList();
    }

    @Test
    void a_drain_tells_what_is_in_flight_at_most_twice_a_second() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.switching.announcer().listen(events::add);
            fixture.plane.inFlight = new InFlight.Known(3, 1);
            long startedNanos = System.nanoTime();
            CompletableFuture<Receipt> receipt = fixture.switching
                    .switcher()
                    .begin(SwitchingFixture.to(Slot.GREEN))
                    .toCompletableFuture();
            Await.until("the drain has told twice", () -> of("drain").size() >= 2);
            fixture.plane.inFlight = new InFlight.Known(0, 0);

            assertThat(receipt).succeedsWithin(10, TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - startedNanos) / 1e9;
            assertThat(of("drain").size()).isLessThanOrEqualTo((int) (seconds * 2) + 1);
            JsonObject first = of("drain").get(0);
            assertThat(first.getLong("inFlight")).isEqualTo(3);
            assertThat(first.getLong("webSockets")).isEqualTo(1);
            assertThat(first.getLong("timeoutMillis")).isEqualTo(10_000);
            assertThat(of("drain").get(1).getLong("elapsedMillis")).isGreaterThanOrEqualTo(490);
        }
    }

    @Test
    void a_watch_tells_both_sides_and_the_time_that_is_left_once_a_second() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.switching.announcer().listen(events::add);

            fixture.make(SwitchingFixture.watched(Slot.GREEN, Duration.ofMillis(1_500), SwitchOrder.Until.DRAINED));

            assertThat(of("watch")).hasSizeBetween(1, 2).first().satisfies(detail -> {
                assertThat(detail.getLong("leftMillis")).isBetween(1L, 1_500L);
                assertThat(detail.getJsonObject("before").getString("slot")).isEqualTo("blue");
                assertThat(detail.getJsonObject("after").fieldNames())
                        .contains("requests", "errors", "errorRate", "p99Millis");
            });
        }
    }

    @Test
    void a_probe_tells_its_path_and_how_much_of_the_time_has_passed() {
        try (SwitchingFixture fixture = new SwitchingFixture(folder)) {
            fixture.switching.announcer().listen(events::add);

            fixture.make(SwitchingFixture.to(Slot.GREEN));

            JsonObject last = of("probe").get(of("probe").size() - 1);
            assertThat(last.getString("path")).isNotBlank();
            assertThat(last.getLong("elapsedMillis")).isBetween(0L, 10_000L);
            assertThat(last.getLong("deadlineMillis")).isEqualTo(10_000);
            assertThat(last.getInteger("goodInARow")).isEqualTo(last.getInteger("needed"));
        }
    }
}
