package dev.turnout.switching;

import dev.turnout.routing.InFlight;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of the report of a pause or its end: {@code service, changed, paused, revision, held, inFlight,
 * startedAt, drained, warnings[]}. All members are always there; what is not known is null.
 */
public final class PauseJson {

    private PauseJson() {}

    public static JsonObject of(PauseReport report) {
        return new JsonObject()
                .put("service", report.now().name())
                .put("changed", report.changed())
                .put("paused", report.now().paused())
                .put("revision", report.now().revision())
                .put("held", report.held())
                .put("inFlight", report.inFlight() instanceof InFlight.Known known ? known.requests() : null)
                .put("startedAt", report.startedAt().toString())
                .put("drained", report.drained().orElse(null))
                .put("warnings", new JsonArray(report.warnings()));
    }
}
