package dev.turnout.switching;

import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.store.JsonText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a change has come to at each member of the fleet.
 *
 * @param epoch the revision of the service that was decided
 * @param change the id of the change; empty if it is not known
 * @param state what the fleet's receipt says of the drain: {@code open}, {@code drained}, {@code not-drained} or {@code
 *     superseded}
 * @param behind members that had not said that they had applied the change when the answer was made
 * @param leftOut members whose votes were not asked
 * @param parts of the members that have reported
 */
public record FleetReport(
        long epoch,
        String change,
        String state,
        List<String> behind,
        List<String> leftOut,
        SortedMap<String, Part> parts) {

    /**
     * What a member has reported.
     *
     * @param vote {@code held, heldMillis, heldRequests, servedInDoubt}; empty if the change needed no vote, or if its process
     *     ended after it had voted
     * @param drain as in {@link DrainJson}
     */
    public record Part(Optional<JsonObject> vote, JsonObject drain) {

        /** Reads a report. What can't be read is a drain that is not known. */
        static Part of(String report) {
            try {
                JsonObject json = JsonText.object(report);
                Optional<JsonObject> vote =
                        json.getValue("vote") instanceof JsonObject of ? Optional.of(of) : Optional.empty();
                return new Part(vote, json.getValue("drain") instanceof JsonObject of ? of : notKnown());
            } catch (IllegalArgumentException e) {
                return new Part(Optional.empty(), notKnown());
            }
        }

        private static JsonObject notKnown() {
            return new JsonObject().put("drained", false);
        }

        boolean hasServedInDoubt() {
            return vote.map(of -> Boolean.TRUE.equals(of.getValue("servedInDoubt")))
                    .orElse(false);
        }
    }

    public FleetReport {
        behind = List.copyOf(behind);
        leftOut = List.copyOf(leftOut);
        parts = new TreeMap<>(parts);
    }

    /** Returns the report of a change that is in force, and whose drains go on. */
    static FleetReport open(long epoch, String change, Collection<String> behind) {
        return new FleetReport(epoch, change, "open", List.copyOf(behind), List.of(), new TreeMap<>());
    }

    /** Returns what a receipt of the fleet says. */
    static FleetReport of(long epoch, FleetReceipt receipt, List<String> behind) {
        String state = receipt.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
        SortedMap<String, Part> parts = new TreeMap<>();
        receipt.reports().forEach((member, report) -> parts.put(member, Part.of(report)));
        return new FleetReport(epoch, receipt.change(), state, behind, List.copyOf(receipt.leftOut()), parts);
    }

    /** Returns the members that have sent requests to the slot from before although the change may have been made. */
    List<String> servedInDoubt() {
        return parts.entrySet().stream()
                .filter(part -> part.getValue().hasServedInDoubt())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns what the operator should know. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!servedInDoubt().isEmpty()) {
            warnings.add(
                    "Member " + String.join(", ", servedInDoubt())
                            + " of the fleet was in doubt, and has sent requests to the slot from before after others had switched.");
        }
        if (!leftOut.isEmpty()) {
            warnings.add("Member " + String.join(", ", leftOut)
                    + " of the fleet was left out: it is not known what it serves, and whether it has drained.");
        }
        return warnings;
    }

    /** Returns {@code epoch, change, state, behind[], leftOut[], members[{member, vote{}, drain{}}]}. */
    JsonObject json() {
        JsonArray members = new JsonArray();
        parts.forEach((member, part) -> members.add(new JsonObject()
                .put("member", member)
                .put("vote", part.vote().orElse(null))
                .put("drain", part.drain())));
        return new JsonObject()
                .put("epoch", epoch)
                .put("change", change)
                .put("state", state)
                .put("behind", new JsonArray(behind))
                .put("leftOut", new JsonArray(leftOut))
                .put("members", members);
    }
}
