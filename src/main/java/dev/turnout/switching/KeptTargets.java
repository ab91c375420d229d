package dev.turnout.switching;

import dev.turnout.routing.Slot;
import dev.turnout.routing.VisibleText;
import dev.turnout.routing.Warning;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The slots that keep their targets, although their names stand for others now, and why. Any thread. */
final class KeptTargets {

    private static final Logger LOG = Logger.getLogger(KeptTargets.class);

    /** Members of a fleet look a name up at different times: one that is behind says nothing yet. */
    private static final long DIFFERS_NANOS = Duration.ofSeconds(10).toNanos();

    private final Map<Place, String> reasons = new ConcurrentHashMap<>();
    private final Map<Place, Long> differsSince = new ConcurrentHashMap<>();

    /** A slot of a service. */
    record Place(String service, Slot slot) {}

    /** The targets of a slot are those that its names stand for. */
    void agrees(Place place) {
        reasons.remove(place);
        differsSince.remove(place);
    }

    /** The targets of a slot were not changed. */
    void keeps(Place place, String cause) {
        String why = VisibleText.of(cause, VisibleText.SHORT);
        if (!why.equals(reasons.put(place, why))) {
            LOG.warnf("%s: slot %s keeps its targets: %s", place.service(), place.slot(), why);
        }
    }

    /**
     * The member that looks names up for all has decided other targets than this one has found.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void differs(Place place, String member, long nowNanos) {
        if (nowNanos - differsSince.computeIfAbsent(place, first -> nowNanos) >= DIFFERS_NANOS) {
            keeps(
                    place,
                    "member '" + member + "' of the fleet looks names up for all, and has other answers than this one."
                            + " Give all members the same name servers.");
        }
    }

    /** Forgets all others. */
    void retain(Collection<Place> places) {
        reasons.keySet().retainAll(places);
        differsSince.keySet().retainAll(places);
    }

    /** Returns the warning about a slot; empty if its targets are those that its names stand for. */
    Optional<Warning> warning(Place place) {
        return Optional.ofNullable(reasons.get(place))
                .map(why -> new Warning(
                        "names-not-followed",
                        "Slot " + place.slot() + " keeps its targets, although its names stand for others now: " + why,
                        "슬롯 " + place.slot() + "의 이름이 다른 대상을 가리키지만 기존 대상을 유지합니다: " + why));
    }
}
