package dev.turnout.admin;

import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The samples of one service that its figures are made of. Not for several threads at a time. */
final class ServiceSamples {

    /** How far the figures look back. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Every so many seconds a sample is kept for that long. */
    private static final int STEP = 5;

    private static final double NANOS_PER_SECOND = 1e9;

    private record Sample(long nanos, TrafficSample blue, TrafficSample green, TrafficSample unrouted) {

        static final Sample NONE = new Sample(0, TrafficSample.NONE, TrafficSample.NONE, TrafficSample.NONE);

        TrafficSample of(Slot slot) {
            return slot == Slot.BLUE ? blue : green;
        }

        TrafficSample all() {
            return blue.plus(green).plus(unrouted);
        }
    }

    private final Deque<Sample> kept = new ArrayDeque<>();
    private @Nullable Sample before;
    private @Nullable Sample newest;
    private int count;

    /** Takes a sample. Called once a second. Nanoseconds. */
    void add(ServiceTotals totals, long nanos) {
        Sample last = newest == null ? Sample.NONE : newest;
        Sample sample = new Sample(
                nanos,
                TrafficSample.of(totals.of(Slot.BLUE), last.blue()),
                TrafficSample.of(totals.of(Slot.GREEN), last.green()),
                TrafficSample.of(totals.unrouted(), last.unrouted()));
        before = newest;
        newest = sample;
        if (count++ % STEP == 0) {
            kept.add(sample);
        }
        Sample oldest = kept.element();
        if (nanos - oldest.nanos() > WINDOW.plusSeconds(STEP).toNanos()) {
            kept.remove();
        }
    }

    /**
     * Returns {@code seconds, requestsPerSecond, requests, errors, errorRate, p50Millis, p99Millis, slots{blue{}, green{}}}:
     * the first is how far all but the requests per second look back, which are those of the last second. A slot has the
     * same without the seconds. A figure that needs requests is null without any. Null before the second sample.
     */
    @Nullable
    JsonObject figures() {
        Sample now = newest;
        Sample secondAgo = before;
        if (now == null || secondAgo == null) {
            return null;
        }
        JsonObject slots = new JsonObject();
        for (Slot slot : Slot.values()) {
            slots.put(slot.toString(), figures(now, secondAgo, sample -> sample.of(slot)));
        }
        long nanos = now.nanos() - kept.element().nanos();
        return new JsonObject()
                .put("seconds", Math.round(nanos / NANOS_PER_SECOND))
                .mergeIn(figures(now, secondAgo, Sample::all))
                .put("slots", slots);
    }

    private JsonObject figures(Sample now, Sample secondAgo, Function<Sample, TrafficSample> part) {
        TrafficSample lately = part.apply(now).since(part.apply(kept.element()));
        long ofLastSecond = part.apply(now).since(part.apply(secondAgo)).requests();
        double seconds = (now.nanos() - secondAgo.nanos()) / NANOS_PER_SECOND;
        boolean isTimed = lately.durations().count() > 0;
        return new JsonObject()
                .put("requestsPerSecond", Math.round(ofLastSecond / seconds * 10) / 10.0)
                .put("requests", lately.requests())
                .put("errors", lately.failed())
                .put("errorRate", lately.requests() == 0 ? null : (double) lately.failed() / lately.requests())
                .put("p50Millis", isTimed ? lately.durations().quantileMillis(0.5) : null)
                .put("p99Millis", isTimed ? lately.durations().quantileMillis(0.99) : null);
    }
}
