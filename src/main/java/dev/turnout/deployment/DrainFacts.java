package dev.turnout.deployment;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What a report says of the requests that had to end.
 *
 * @param drained true if all are known to have ended by themselves
 * @param cut how many were cut
 */
record DrainFacts(long waitedMillis, boolean drained, int cut) {

    static DrainFacts of(JsonObject report) {
        JsonObject drain = report.getValue("drain") instanceof JsonObject object ? object : new JsonObject();
        return new DrainFacts(
                drain.getValue("waitedMillis") instanceof Number millis ? millis.longValue() : 0,
                Boolean.TRUE.equals(drain.getValue("drained")),
                drain.getValue("cut") instanceof JsonArray cut ? cut.size() : 0);
    }
}
