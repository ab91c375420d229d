package dev.turnout.switching;

import dev.turnout.log.Allowance;
import dev.turnout.log.OutageEvent;
import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import dev.turnout.log.TargetView;
import dev.turnout.routing.VisibleText;
import dev.turnout.store.Journal;
import dev.turnout.store.StoreFailed;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The record of outages in the journal, and their events for listeners. Blocks: not for an event loop. One thread at a
 * time.
 *
 * <p>An entry of the journal: {@code at, service, who, what, verdict, reason} with the verdict {@code outage-began}, and
 * {@code at, service, who, what, verdict, durationMillis} with {@code outage-ended}. An entry about one target has {@code
 * target} and {@code slot}. One that ended because the service was removed has {@code served: false}. A target whose
 * outage leaves its service without any has no entry of its own beside the service's. A target that does not serve has
 * none.
 *
 * <p>A service has at most {@value #ENTRIES} outages with entries in ten minutes, and so have its targets together. A
 * further outage that lasts gets its entry when the ten minutes are over. One that has ended by then is left out, and
 * counted as {@code leftOut} in the next entry.
 */
public final class OutageRecorder {

    private static final Logger LOG = Logger.getLogger(OutageRecorder.class);
    private static final String WHO = "Turnout itself";
    private static final int ENTRIES = 10;
    private static final Duration PERIOD = Duration.ofMinutes(10);

    /** Stands for the whole service where a target would stand. */
    private static final String WHOLE = "";

    private final Journal journal;
    private final Announcer announcer;
    private final Map<String, Allowance> ofServices = new HashMap<>();
    private final Map<String, Allowance> ofTargets = new HashMap<>();

    /** The places whose outage has an entry. */
    private final Set<String> begun = new HashSet<>();

    /** The outages that last and have no entry, by their place. The oldest is the first. */
    private final Map<String, Beginning> withoutEntry = new LinkedHashMap<>();

    /** The beginning of an outage, and the allowance that its entry takes from. */
    private record Beginning(OutageEvent event, Allowance allowance, JsonObject entry) {}

    public OutageRecorder(Journal journal, Announcer announcer) {
        this.journal = journal;
        this.announcer = announcer;
    }

    /** Records what one look at a service has found. */
    public void record(List<OutageEvent> events) {
        boolean isWhole = events.stream().anyMatch(NobodyLeft.class::isInstance);
        for (OutageEvent event : events) {
            if (event instanceof TargetDown down) {
                if (down.target().serves() && !isWhole) {
                    begin(down, place(down.target()), ofTarget(down), down.reason());
                }
            } else if (event instanceof NobodyLeft nobody) {
                begin(nobody, WHOLE, entry(nobody, "no target is up"), nobody.reason());
            } else if (event instanceof TargetBack back) {
                end(back, place(back.target()), ofTarget(back), back.lasted());
            } else if (event instanceof ServedAgain served) {
                end(served, WHOLE, ofService(served), served.lasted());
            }
        }
    }

    private static String place(TargetView target) {
        return target.slot() + " " + target.target();
    }

    private void begin(OutageEvent event, String place, JsonObject entry, String reason) {
        entry.put("verdict", "outage-began").put("reason", VisibleText.of(reason, VisibleText.LONG));
        Map<String, Allowance> allowances = place.equals(WHOLE) ? ofServices : ofTargets;
        Allowance allowance = allowances.computeIfAbsent(event.service(), none -> new Allowance(ENTRIES, PERIOD));
        withoutEntry.put(event.service() + " " + place, new Beginning(event, allowance, entry));
        recordLasting(event.at());
    }

    /** Records the outages that last and were not recorded yet, as far as they may be now. To be called every few seconds. */
    public void recordLasting(Instant now) {
        withoutEntry.entrySet().removeIf(lasting -> {
            Beginning beginning = lasting.getValue();
            Allowance allowance = beginning.allowance();
            if (!allowance.hasRoom(now)) {
                return false;
            }
            allowance.take(now);
            begun.add(lasting.getKey());
            long leftOut = allowance.takeSkipped();
            if (leftOut > 0) {
                beginning.entry().put("leftOut", leftOut);
            }
            write(beginning.event(), beginning.entry());
            return true;
        });
    }

    private void end(OutageEvent event, String place, JsonObject entry, Duration lasted) {
        String key = event.service() + " " + place;
        Beginning unrecorded = withoutEntry.remove(key);
        if (unrecorded != null) {
            unrecorded.allowance().skip();
        } else if (begun.remove(key)) {
            write(event, entry.put("verdict", "outage-ended").put("durationMillis", lasted.toMillis()));
        }
    }

    private static JsonObject ofTarget(TargetDown down) {
        return entry(down, down.target().target() + " is down")
                .put("target", down.target().target().toString())
                .put("slot", down.target().slot().toString());
    }

    private static JsonObject ofTarget(TargetBack back) {
        return entry(back, back.target().target() + (back.isUp() ? " is up again" : " is no target any more"))
                .put("target", back.target().target().toString())
                .put("slot", back.target().slot().toString());
    }

    private static JsonObject ofService(ServedAgain served) {
        return served.isServed()
                ? entry(served, "a target is up again")
                : entry(served, "the service is gone").put("served", false);
    }

    private static JsonObject entry(OutageEvent event, String what) {
        return new JsonObject()
                .put("at", event.at().toString())
                .put("service", event.service())
                .put("who", WHO)
                .put("what", what);
    }

    private void write(OutageEvent event, JsonObject entry) {
        announcer.announce(new ChangeEvent(event.service(), "outage", entry));
        try {
            journal.append(entry);
        } catch (StoreFailed e) {
            LOG.error(e.getMessage());
        }
    }
}
