package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a rehearsal: {@code share} (percent), {@code atRunTime, verdict} (too-few, fails, slower or
 * better-or-same), {@code reason, needed, requests, statusDiffers, dropped, active{slot, errors, failedAlone, p50Millis,
 * p99Millis}, idle{}}. A time is null if there was no answer.
 */
public final class RehearsalJson {

    private RehearsalJson() {}

    /** Returns the form of a report. */
    public static JsonObject of(RehearsalReport report) {
        RehearsalFigures figures = report.figures();
        return new JsonObject()
                .put("share", figures.percent())
                .put("atRunTime", figures.atRunTime())
                .put("verdict", report.judgement().verdict().toString())
                .put("reason", report.judgement().reason())
                .put("needed", report.needed())
                .put("requests", figures.pairs())
                .put("statusDiffers", figures.statusDiffers())
                .put("dropped", figures.dropped())
                .put("active", side(report.active(), figures.activeErrors(), figures.onlyActive(), figures.active()))
                .put("idle", side(report.active().other(), figures.idleErrors(), figures.onlyIdle(), figures.idle()));
    }

    private static JsonObject side(Slot slot, long errors, long alone, Latencies latencies) {
        return new JsonObject()
                .put("slot", slot.toString())
                .put("errors", errors)
                .put("failedAlone", alone)
                .put("p50Millis", millis(latencies, RehearsalJudgement.P50))
                .put("p99Millis", millis(latencies, RehearsalJudgement.P99));
    }

    private static @Nullable Double millis(Latencies latencies, double quantile) {
        return latencies.count() == 0 ? null : latencies.quantileMillis(quantile);
    }
}
