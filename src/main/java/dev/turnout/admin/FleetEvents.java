package dev.turnout.admin;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.store.BoundedJson;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the fleet, for those who watch: as JSON, the data of the event {@value #KIND}. It is found by looking once a
 * second, so what begins and ends within a second is not told. Event loop only.
 */
final class FleetEvents {

    static final String KIND = "fleet";

    /** A reader may have a few events waiting. */
    private static final int MOST_BYTES = 60 << 10;

    private final Clock clock;
    private @Nullable FleetStatus before;
    private List<String> behind = List.of();

    FleetEvents(Clock clock) {
        this.clock = clock;
    }

    /** Returns what the fleet is like, for a reader that begins. */
    JsonObject seen(FleetStatus now) {
        return event("seen", Optional.empty(), now);
    }

    /** Returns true if there is something to be shown that the last look has not found. */
    boolean isNew(FleetStatus now) {
        return !now.equals(before);
    }

    /** Returns what has happened since the last look; nothing at the first one. */
    List<JsonObject> look(FleetStatus now) {
        List<JsonObject> events = new ArrayList<>();
        FleetStatus last = before;
        before = now;
        if (last == null) {
            behind = now.behind();
            return events;
        }
        Optional<String> kind = now.trouble().map(FleetStatus.Problem::kind);
        if (!kind.equals(last.trouble().map(FleetStatus.Problem::kind))) {
            events.add(event(kind.isPresent() ? "trouble" : "trouble-over", Optional.empty(), now));
        }
        List<String> members = members(now);
        List<String> earlier = members(last);
        // A member is behind for a moment in each switch: it counts if it is so at two looks.
        List<String> late = now.behind().stream()
                .filter(member -> last.behind().contains(member) || behind.contains(member))
                .toList();
        told("member-joined", members, earlier, members, now, events);
        told("member-left", earlier, members, earlier, now, events);
        told("member-missing", now.missing(), last.missing(), earlier, now, events);
        told("member-back", last.missing(), now.missing(), members, now, events);
        told("member-behind", late, behind, members, now, events);
        told("member-in-step", behind, late, members, now, events);
        behind = late;
        return events;
    }

    /** Adds an event for each of some members that is not among others, and is one of all. */
    private void told(
            String verdict,
            List<String> some,
            List<String> others,
            List<String> all,
            FleetStatus now,
            List<JsonObject> events) {
        some.stream()
                .filter(member -> !others.contains(member) && all.contains(member))
                .forEach(member -> events.add(event(verdict, Optional.of(member), now)));
    }

    private static List<String> members(FleetStatus status) {
        return status.members().stream().map(FleetStatus.Place::member).toList();
    }

    private JsonObject event(String verdict, Optional<String> member, FleetStatus now) {
        JsonObject event =
                new JsonObject().put("at", clock.instant().toString()).put("verdict", verdict);
        member.ifPresent(name -> event.put("member", name));
        return BoundedJson.within(event.put("fleet", FleetRoutes.json(now)), MOST_BYTES);
    }
}
