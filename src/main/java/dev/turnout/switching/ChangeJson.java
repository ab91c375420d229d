package dev.turnout.switching;

import io.vertx.core.json.JsonObject;

/** The JSON form of a change that has not ended: {@code what, who, by, version, note, since, step}. */
public final class ChangeJson {

    private ChangeJson() {}

    public static JsonObject of(Change change) {
        return who(new JsonObject().put("what", change.what()), change.note())
                .put("since", change.since().toString())
                .put("step", change.step().toString());
    }

    /** Adds {@code who, by, version, note}; what the caller has not said is null. */
    static JsonObject who(JsonObject json, ChangeNote note) {
        return json.put("who", note.caller())
                .put("by", note.by().orElse(null))
                .put("version", note.version().orElse(null))
                .put("note", note.note().orElse(null));
    }
}
