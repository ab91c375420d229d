package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.List;

/** A protection of a change of several services that is taken out: of what is sent, or of what is seen. */
enum JointMutation {
    NOTHING,
    /** The decisions go to the store one by one. */
    ONE_UPDATE,
    /** The votes of one service are asked only. */
    ALL_VOTES;

    private static final String OTHER = "shop";

    /** Returns what really goes to the store. */
    List<StoreUpdate> sent(StoreUpdate update) {
        if (update.purpose() != Purpose.COMMIT) {
            return List.of(update);
        }
        return switch (this) {
            case ONE_UPDATE ->
                JointMachine.SERVICES.keySet().stream()
                        .map(service -> part(update, service))
                        .toList();
            case ALL_VOTES -> List.of(withoutVotes(update));
            default -> List.of(update);
        };
    }

    private static StoreUpdate part(StoreUpdate update, String service) {
        return new StoreUpdate(
                update.purpose(),
                update.when().stream()
                        .filter(condition -> isOf(condition.key(), service))
                        .toList(),
                update.then().stream()
                        .filter(edit -> isOf(((StoreUpdate.Edit.Put) edit).key(), service))
                        .toList());
    }

    private static StoreUpdate withoutVotes(StoreUpdate update) {
        return new StoreUpdate(
                update.purpose(),
                update.when().stream()
                        .filter(condition -> !condition.key().isUnder("armed/") || !isOnlyOf(condition.key(), OTHER))
                        .toList(),
                update.then());
    }

    private static boolean isOf(FleetKey key, String service) {
        return JointMachine.SERVICES.keySet().stream()
                .filter(other -> !other.equals(service))
                .noneMatch(other -> isOnlyOf(key, other));
    }

    private static boolean isOnlyOf(FleetKey key, String service) {
        String path = key.path() + "/";
        return path.contains("/" + service + "/") || path.contains("/" + JointMachine.SERVICES.get(service) + "/");
    }

    /** Returns what a coordinator sees. */
    StoreContents sees(StoreContents contents) {
        StoreContents seen = contents;
        if (this == ALL_VOTES && contents.intent(OTHER) != null) {
            for (String member : contents.roster()) {
                Vote vote = new Vote(OTHER, contents.written(FleetKey.started(member)));
                seen = ModelStore.with(seen, FleetKey.armed(JointMachine.SERVICES.get(OTHER), member), vote);
            }
        }
        return seen;
    }
}
