package dev.turnout.switching;

import dev.turnout.routing.Maintenance;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The JSON form of a maintenance: {@code message} (or null) {@code , allow[], retryAfterSeconds, since}. */
public final class MaintenanceJson {

    private MaintenanceJson() {}

    public static JsonObject of(Maintenance maintenance) {
        return new JsonObject()
                .put("message", maintenance.terms().message().orElse(null))
                .put("allow", new JsonArray(maintenance.terms().allow()))
                .put("retryAfterSeconds", maintenance.terms().retryAfter().toSeconds())
                .put("since", maintenance.since().toString());
    }
}
