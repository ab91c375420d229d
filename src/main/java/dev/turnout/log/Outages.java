package dev.turnout.log;

import dev.turnout.log.OutageEvent.NobodyLeft;
import dev.turnout.log.OutageEvent.ServedAgain;
import dev.turnout.log.OutageEvent.TargetBack;
import dev.turnout.log.OutageEvent.TargetDown;
import dev.turnout.log.TargetView.Condition;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The outages that last, found by comparing what is seen now with what was seen before. One thread at a time.
 *
 * <p>A target that was never up and does not serve is no outage: a slot that nobody has deployed to is empty. Nor is a
 * service that has not had a target yet.
 */
public final class Outages {

    private final LongSupplier nanoClock;
    private final Map<String, Seen> services = new HashMap<>();

    /** A target in its slot: one target may stand in both. */
    private record Place(Slot slot, Target target) {}

    /** The outage of a target. */
    private record Outage(long sinceNanos, TargetView target) {}

    /** What was seen of one service. */
    private static final class Seen {
        private final Map<Place, Outage> down = new HashMap<>();
        private final Set<Place> up = new HashSet<>();
        private boolean hadTargets;
        private boolean hasNobody;
        private long nobodySinceNanos;
    }

    /** @param nanoClock by which outages last: nobody puts this clock back */
    public Outages(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Returns true if none of the targets that get requests can take a request. An unknown target may take one. */
    public static boolean isNobodyLeft(List<TargetView> targets) {
        return targets.stream().filter(TargetView::serves).allMatch(TargetView::isDown);
    }

    /**
     * Returns what has begun or ended since the last look at this service.
     *
     * @param targets all targets of both slots
     */
    public List<OutageEvent> look(String service, List<TargetView> targets, Instant now) {
        Seen seen = services.computeIfAbsent(service, none -> new Seen());
        List<OutageEvent> events = new ArrayList<>();
        Set<Place> places = new HashSet<>();
        for (TargetView target : targets) {
            places.add(place(target));
            look(service, seen, target, now, events);
        }
        forget(service, seen, places, now, events);
        lookForAnybody(service, seen, targets, now, events);
        return events;
    }

    /** Forgets a service that was removed. Returns the outages that have ended with it. */
    public List<OutageEvent> remove(String service, Instant now) {
        List<OutageEvent> events = new ArrayList<>();
        Seen seen = services.remove(service);
        if (seen != null) {
            forget(service, seen, Set.of(), now, events);
            if (seen.hasNobody) {
                events.add(new ServedAgain(service, now, false, since(seen.nobodySinceNanos)));
            }
        }
        return events;
    }

    /** Returns the names of the services that were seen. */
    public Set<String> services() {
        return Set.copyOf(services.keySet());
    }

    private static Place place(TargetView target) {
        return new Place(target.slot(), target.target());
    }

    private void look(String service, Seen seen, TargetView target, Instant now, List<OutageEvent> events) {
        Place place = place(target);
        Outage outage = seen.down.get(place);
        if (target.condition() == Condition.UP) {
            seen.up.add(place);
            if (outage != null) {
                seen.down.remove(place);
                events.add(new TargetBack(service, now, target, true, since(outage.sinceNanos())));
            }
        } else if (target.isDown()) {
            boolean wentDown = outage == null && seen.up.contains(place);
            boolean beganToServe =
                    target.serves() && (outage == null || !outage.target().serves());
            if (wentDown || beganToServe) {
                seen.down.put(place, new Outage(nanoClock.getAsLong(), target));
                events.add(new TargetDown(service, now, target));
            }
        }
    }

    private void forget(String service, Seen seen, Set<Place> places, Instant now, List<OutageEvent> events) {
        seen.up.retainAll(places);
        seen.down.entrySet().removeIf(entry -> {
            boolean isGone = !places.contains(entry.getKey());
            if (isGone) {
                Outage outage = entry.getValue();
                events.add(new TargetBack(service, now, outage.target(), false, since(outage.sinceNanos())));
            }
            return isGone;
        });
    }

    private void lookForAnybody(
            String service, Seen seen, List<TargetView> targets, Instant now, List<OutageEvent> events) {
        seen.hadTargets |= !targets.isEmpty();
        boolean hasNobody = seen.hadTargets && isNobodyLeft(targets);
        if (hasNobody && !seen.hasNobody) {
            seen.nobodySinceNanos = nanoClock.getAsLong();
            events.add(new NobodyLeft(
                    service, now, targets.stream().filter(TargetView::serves).toList()));
        } else if (!hasNobody && seen.hasNobody) {
            events.add(new ServedAgain(service, now, true, since(seen.nobodySinceNanos)));
        }
        seen.hasNobody = hasNobody;
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(nanoClock.getAsLong() - nanos);
    }
}
