package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.routing.Service;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What a member tells others: proofs for those that can't reach etcd.
 *
 * @param members every enrolled member with the address of its admin server
 * @param applied by service, the decision that the member has on its disk: so it was made
 * @param givenUp by service, the last change that the member has voted for and knows to be given up
 * @param inFlight by service, how many requests are in flight at its targets; -1 if that is not known
 */
record PeerState(
        SortedMap<String, String> members,
        SortedMap<String, Decision> applied,
        SortedMap<String, String> givenUp,
        SortedMap<String, Long> inFlight) {

    private static final String MEMBER = "member";
    private static final int NAME = 256;

    static PeerState of(OwnRecords.Content own, Map<String, String> givenUp, ToLongFunction<String> requests) {
        SortedMap<String, Decision> applied = applied(own);
        SortedMap<String, Long> inFlight = new TreeMap<>();
        applied.keySet().forEach(name -> inFlight.put(name, requests.applyAsLong(name)));
        return new PeerState(own.peers(), applied, new TreeMap<>(givenUp), inFlight);
    }

    /** Returns true if the member serves by a decision, or a later one, and has no request of the service in flight. */
    boolean isQuiet(Service decided) {
        Decision made = applied.get(decided.name());
        return made != null
                && made.epoch() >= decided.revision()
                && Long.valueOf(0).equals(inFlight.get(decided.name()));
    }

    /** Returns what a member has on its disk, by service. */
    static SortedMap<String, Decision> applied(OwnRecords.Content own) {
        SortedMap<String, Decision> applied = new TreeMap<>();
        own.services().forEach((name, record) -> applied.put(name, record.decision()));
        return applied;
    }

    /** Returns {@code format, fleet, member, services{NAME{change, state{}}}, givenUp{NAME}, members{NAME}, inFlight{NAME}}. */
    JsonObject json(String fleet, String member) {
        JsonObject services = new JsonObject();
        applied.forEach((name, decision) -> services.put(
                name,
                new JsonObject().put("change", decision.change()).put("state", FleetJson.state(decision.service()))));
        JsonObject changes = new JsonObject();
        givenUp.forEach(changes::put);
        JsonObject counts = new JsonObject();
        inFlight.forEach(counts::put);
        JsonObject addresses = new JsonObject();
        members.forEach(addresses::put);
        return FleetJson.marked(fleet)
                .put(MEMBER, member)
                .put("services", services)
                .put("givenUp", changes)
                .put("members", addresses)
                .put("inFlight", counts);
    }

    /**
     * Reads what a member of a fleet has told.
     *
     * @param member who was asked. An address of loopback is reached by the member that asks, and one that has moved by another.
     * @throws IllegalArgumentException if it is not understood, or is of another fleet or member
     */
    static PeerState read(JsonObject json, String fleet, String member) {
        if (!FleetJson.fleet(json).equals(fleet)) {
            throw new IllegalArgumentException("it is a member of another fleet");
        }
        String who = Members.text(json, MEMBER, NAME);
        if (!who.equals(member)) {
            throw new IllegalArgumentException("it is another member: " + who);
        }
        JsonObject services = Members.of(json, "services", JsonObject.class);
        SortedMap<String, Decision> applied = new TreeMap<>();
        for (String name : services.fieldNames()) {
            JsonObject of = Members.of(services, name, JsonObject.class);
            applied.put(name, new Decision(FleetJson.service(of, "state"), Members.text(of, "change", NAME)));
        }
        return new PeerState(
                Members.texts(json, "members", FleetJson.MOST_MEMBERS, FleetJson.ADDRESS),
                applied,
                Members.texts(json, "givenUp", FleetJson.MOST_SERVICES, NAME),
                counts(Members.of(json, "inFlight", JsonObject.class)));
    }

    private static SortedMap<String, Long> counts(JsonObject json) {
        SortedMap<String, Long> counts = new TreeMap<>();
        json.fieldNames().stream()
                .limit(FleetJson.MOST_SERVICES)
                .forEach(name -> counts.put(name, Members.whole(json, name)));
        return counts;
    }
}
