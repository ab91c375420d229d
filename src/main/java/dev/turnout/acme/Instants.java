package dev.turnout.acme;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Moments as members of JSON objects, in the form of ISO 8601. */
final class Instants {

    private Instants() {}

    static void put(JsonObject json, String name, Optional<Instant> value) {
        value.ifPresent(at -> json.put(name, at.toString()));
    }

    /** @throws java.time.DateTimeException if the member is another text */
    static Optional<Instant> find(JsonObject json, String name) {
        return Optional.ofNullable(json.getString(name)).map(Instant::parse);
    }
}
