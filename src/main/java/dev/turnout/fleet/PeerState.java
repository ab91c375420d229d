package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetValue.Decision;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member tells others: proofs for those that can't reach etcd.
 *
 * @param members every enrolled member with the address of its admin server
 * @param applied by service, the decision that the member has on its disk: so it was made
 * @param givenUp by service, the last change that the member has voted for and knows to be given up
 */
record PeerState(
        SortedMap<String, String> members, SortedMap<String, Decision> applied, SortedMap<String, String> givenUp) {

    private static final int NAME = 256;
    private static final int MOST_SERVICES = 1_000;

    static PeerState of(OwnRecords.Content own, Map<String, String> givenUp) {
        SortedMap<String, Decision> applied = new TreeMap<>();
        own.services().forEach((name, record) -> applied.put(name, record.decision()));
        return new PeerState(own.peers(), applied, new TreeMap<>(givenUp));
    }

    /** Returns {@code format, fleet, services{NAME{change, state{}}}, givenUp{NAME}, members{NAME}}. */
    JsonObject json(String fleet) {
        JsonObject services = new JsonObject();
        applied.forEach((name, decision) -> services.put(
                name,
                new JsonObject().put("change", decision.change()).put("state", FleetJson.state(decision.service()))));
        JsonObject changes = new JsonObject();
        givenUp.forEach(changes::put);
        JsonObject addresses = new JsonObject();
        members.forEach(addresses::put);
        return FleetJson.marked(fleet)
                .put("services", services)
                .put("givenUp", changes)
                .put("members", addresses);
    }

    /**
     * Reads what a member of a fleet has told.
     *
     * @throws IllegalArgumentException if it is not understood, or is of another fleet
     */
    static PeerState read(JsonObject json, String fleet) {
        if (!FleetJson.fleet(json).equals(fleet)) {
            throw new IllegalArgumentException("it is a member of another fleet");
        }
        JsonObject services = Members.of(json, "services", JsonObject.class);
        SortedMap<String, Decision> applied = new TreeMap<>();
        for (String name : services.fieldNames()) {
            JsonObject of = Members.of(services, name, JsonObject.class);
            applied.put(name, new Decision(FleetJson.service(of, "state"), Members.text(of, "change", NAME)));
        }
        return new PeerState(
                Members.texts(json, "members", FleetJson.MOST_MEMBERS, NAME),
                applied,
                Members.texts(json, "givenUp", MOST_SERVICES, NAME));
    }
}
