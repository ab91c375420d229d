package dev.turnout.switching;

import dev.turnout.routing.Service;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The JSON form of what serves: {@code service, slot, targets[], version} (or null) {@code , revision, paused, maintenance}. */
public final class ServingJson {

    private ServingJson() {}

    public static JsonObject of(Service service) {
        JsonArray targets = new JsonArray();
        service.pool(service.active()).inRotation().forEach(target -> targets.add(target.toString()));
        return new JsonObject()
                .put("service", service.name())
                .put("slot", service.active().toString())
                .put("targets", targets)
                .put("version", service.releases().version(service.active()).orElse(null))
                .put("revision", service.revision())
                .put("paused", service.paused())
                .put("maintenance", service.maintenance().isPresent());
    }
}
