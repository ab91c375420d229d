package dev.turnout.switching;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a change has come to at each member of the fleet.
 *
 * @param epoch the revision of the service that was decided
 * @param state what the fleet's receipt says of the drain: {@code open}, {@code drained}, {@code not-drained} or {@code
 *     superseded}
 * @param behind members that had not said that they had applied the change when the answer was made
 * @param drains the drain of each member that has reported, as in {@link DrainJson}
 */
public record FleetReport(long epoch, String state, List<String> behind, SortedMap<String, JsonObject> drains) {

    public FleetReport {
        behind = List.copyOf(behind);
        drains = new TreeMap<>(drains);
    }

    /** Returns the report of a change that is in force, and whose drains go on. */
    static FleetReport open(long epoch, Set<String> behind) {
        return new FleetReport(epoch, "open", new ArrayList<>(behind), new TreeMap<>());
    }

    /** Returns {@code epoch, state, behind[], members[{member, drain{}}]}. */
    JsonObject json() {
        JsonArray members = new JsonArray();
        for (Map.Entry<String, JsonObject> member : drains.entrySet()) {
            members.add(new JsonObject().put("member", member.getKey()).put("drain", member.getValue()));
        }
        return new JsonObject()
                .put("epoch", epoch)
                .put("state", state)
                .put("behind", new JsonArray(behind))
                .put("members", members);
    }
}
