package dev.turnout.switching;

import dev.turnout.health.WarmUpReport;
import dev.turnout.switching.WarmUpStep.WarmUpOutcome;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of a warm-up: {@code requests, failures, millis, p95Millis{first, last}, settled, connections}. The
 * percentiles are null without an answer, and {@code settled} is null unless that was asked for.
 */
final class WarmUpJson {

    private WarmUpJson() {}

    static JsonObject of(WarmUpOutcome outcome) {
        return new JsonObject()
                .put("requests", outcome.warmUp().map(WarmUpReport::requests).orElse(0L))
                .put("failures", outcome.warmUp().map(WarmUpReport::failures).orElse(0L))
                .put("millis", outcome.warmUp().map(WarmUpReport::tookMillis).orElse(0L))
                .put(
                        "p95Millis",
                        outcome.warmUp()
                                .flatMap(WarmUpReport::p95)
                                .map(p95 -> new JsonObject()
                                        .put("first", p95.first())
                                        .put("last", p95.last()))
                                .orElse(null))
                .put("settled", outcome.warmUp().flatMap(WarmUpReport::settled).orElse(null))
                .put("connections", outcome.connections());
    }
}
