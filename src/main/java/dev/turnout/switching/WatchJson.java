package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of the report of a watch: {@code verdict} (better-or-same, worse or inconclusive), {@code reason,
 * tookMillis, flippedBack, before{slot, requests, errors, errorRate, p99Millis}, after{}}. The time of {@code after} is from the second half of the
 * watch. A time is null if there was no response.
 */
final class WatchJson {

    private WatchJson() {}

    static JsonObject of(WatchReport report) {
        return new JsonObject()
                .put("verdict", report.verdict().toString())
                .put("reason", report.reason())
                .put("tookMillis", report.took().toMillis())
                .put("flippedBack", report.flippedBack())
                .put(
                        "before",
                        side(report.from(), report.before(), report.before().latencies()))
                .put("after", side(report.to(), report.after(), report.settled()));
    }

    static JsonObject of(WatchProgress progress) {
        return new JsonObject()
                .put("elapsedMillis", progress.elapsed().toMillis())
                .put("leftMillis", progress.left().toMillis())
                .put(
                        "before",
                        side(
                                progress.from(),
                                progress.before(),
                                progress.before().latencies()))
                .put(
                        "after",
                        side(progress.to(), progress.after(), progress.after().latencies()));
    }

    private static JsonObject side(Slot slot, SlotTraffic traffic, Latencies latencies) {
        return new JsonObject()
                .put("slot", slot.toString())
                .put("requests", traffic.requests())
                .put("errors", traffic.errors())
                .put("errorRate", traffic.errorRate())
                .put("p99Millis", latencies.count() == 0 ? null : latencies.quantileMillis(Judgement.P99));
    }
}
