package dev.turnout.switching;

import io.vertx.core.json.JsonObject;

/** The JSON form of a change that has not ended: {@code what, who, since, step}. */
public final class ChangeJson {

    private ChangeJson() {}

    public static JsonObject of(Change change) {
        return new JsonObject()
                .put("what", change.what())
                .put("who", change.who())
                .put("since", change.since().toString())
                .put("step", change.step().toString());
    }
}
