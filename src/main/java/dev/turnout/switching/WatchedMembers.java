package dev.turnout.switching;

import dev.turnout.fleet.FleetWatch;
import dev.turnout.switching.FleetCourse.Sides;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/** The members of a fleet while one of them watches a switch. A Turnout that is alone is the only one. One thread. */
final class WatchedMembers implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WatchedMembers.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Optional<FleetWatch> fleet;
    private final Pace pace = new Pace(LOOK);
    private final SortedMap<String, Sides> others = new TreeMap<>();

    /** @param fleet empty for a Turnout that is alone */
    WatchedMembers(Optional<FleetWatch> fleet) {
        this.fleet = fleet;
    }

    /** Returns the names of the others. */
    SortedSet<String> others() {
        return fleet.map(FleetWatch::others).orElseGet(TreeSet::new);
    }

    /** Returns true if nothing is known now of what the others see. */
    boolean isBlind() {
        return fleet.filter(FleetWatch::isBlind).isPresent();
    }

    /** Returns what all see. */
    SortedMap<String, Sides> said(Sides own) {
        if (fleet.isPresent() && pace.isDue()) {
            fleet.get().counts().forEach(this::take);
        }
        SortedMap<String, Sides> said = new TreeMap<>(others);
        said.put(fleet.map(FleetWatch::member).orElse(""), own);
        return said;
    }

    private void take(String member, JsonObject told) {
        try {
            others.put(member, read(told));
        } catch (IllegalArgumentException e) {
            LOG.warnf("What member %s says of its traffic can't be read: %s", member, e.getMessage());
        }
    }

    /** Returns what members tell each other. */
    static JsonObject json(Sides sides) {
        return new JsonObject()
                .put("before", SlotTrafficJson.of(sides.before()))
                .put("after", SlotTrafficJson.of(sides.after()));
    }

    /**
     * Reads what another member has told.
     *
     * @throws IllegalArgumentException if it can't be that
     */
    static Sides read(JsonObject told) {
        if (told.getValue("before") instanceof JsonObject before
                && told.getValue("after") instanceof JsonObject after) {
            return new Sides(SlotTrafficJson.read(before), SlotTrafficJson.read(after));
        }
        throw new IllegalArgumentException("it has no two sides");
    }

    /** Has the others say no more. */
    @Override
    public void close() {
        fleet.ifPresent(FleetWatch::close);
    }
}
