package dev.turnout.switching;

import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The JSON form of a drain: {@code drained, waitedMillis, completed, cut[{method, path, ageMillis, target}], cutCount,
 * webSocketsClosed, streamsEnded, sessions, sessionMillis}, where {@code cut} names the first {@value CutRequests#MOST_NAMED}.
 */
public final class DrainJson {

    private DrainJson() {}

    public static JsonObject of(DrainReport drain) {
        JsonArray cut = new JsonArray();
        drain.cut().named().forEach(request -> cut.add(cut(request)));
        return new JsonObject()
                .put("drained", drain.drained())
                .put("waitedMillis", drain.waitedMillis())
                .put("completed", drain.completed())
                .put("cut", cut)
                .put("cutCount", drain.cut().count())
                .put("webSocketsClosed", drain.webSocketsClosed())
                .put("streamsEnded", drain.streamsEnded())
                .put("sessions", drain.sessions())
                .put("sessionMillis", drain.sessionMillis());
    }

    private static JsonObject cut(CutRequest request) {
        return new JsonObject()
                .put("method", request.method())
                .put("path", request.path())
                .put("ageMillis", request.ageMillis())
                .put("target", request.target().toString());
    }
}
