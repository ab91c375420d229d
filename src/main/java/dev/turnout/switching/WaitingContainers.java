package dev.turnout.switching;

import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Warning;
import dev.turnout.text.Counted;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The containers that ask for a place and are no targets yet, and why. One thread changes it, any thread may ask. */
final class WaitingContainers {

    private static final Logger LOG = Logger.getLogger(WaitingContainers.class);
    private static final long AGAIN_SECONDS = 10;
    private static final long MOST_AGAIN_SECONDS = 600;

    /** How many containers a warning names. */
    private static final int NAMED = 5;

    private final Map<String, Waiting> byId = new ConcurrentHashMap<>();

    /** The slots that these ask for, as they were when the containers were seen first. */
    private final Map<String, Slot> places = new ConcurrentHashMap<>();

    /**
     * A container that is no target yet.
     *
     * @param reason a clause; empty while it is waited for its probes
     * @param taken the place that has its address
     * @param pauseSeconds how long it rests before it is tried again
     * @param dueNanos when it is tried again. Of {@link System#nanoTime}.
     */
    private record Waiting(
            FoundContainer container,
            Optional<String> reason,
            Optional<TakenAddress> taken,
            long pauseSeconds,
            long dueNanos) {

        private boolean concerns(Service service, RoutingState state) {
            return container.service().equals(service.name())
                    || taken.filter(place -> place.service().equals(service.name()))
                            .isPresent()
                    || !state.services().containsKey(container.service());
        }
    }

    int count() {
        return byId.size();
    }

    /** Forgets all but these. */
    void retain(Set<String> ids) {
        byId.keySet().retainAll(ids);
        places.keySet().retainAll(ids);
    }

    /** Notes that a container waits no more. */
    void remove(FoundContainer container) {
        byId.remove(container.id());
    }

    /** Returns the slot that a container asks for. */
    Slot place(FoundContainer container, Service service) {
        return places.getOrDefault(container.id(), container.place().in(service));
    }

    /** Notes the slot that a container asks for, whatever slot serves later. */
    void asksFor(FoundContainer container, Slot slot) {
        places.putIfAbsent(container.id(), slot);
    }

    /** Returns true if a container rests before it is tried again. */
    boolean rests(FoundContainer container) {
        Waiting known = byId.get(container.id());
        return known != null && System.nanoTime() - known.dueNanos() < 0;
    }

    /** Counts a container among those that are no targets yet. What is known of it stays. */
    void counts(FoundContainer container) {
        byId.computeIfAbsent(
                container.id(),
                fresh -> new Waiting(container, Optional.empty(), Optional.empty(), 0, System.nanoTime()));
    }

    /** Notes that a container is no target yet. One with a reason is tried again after some seconds. */
    void waits(FoundContainer container, Optional<String> reason) {
        note(container, reason, Optional.empty(), reason.isPresent() ? AGAIN_SECONDS : 0);
    }

    /** Notes that a container is no target because its address is one elsewhere. */
    void waits(FoundContainer container, TakenAddress taken) {
        String reason = taken.reason(container, container.target().orElseThrow());
        note(container, Optional.of(reason), Optional.of(taken), AGAIN_SECONDS);
    }

    /** Notes that a container was refused. For the same reason it is tried again less and less often. */
    void refused(FoundContainer container, String why) {
        Optional<String> reason = Optional.of(why);
        Waiting known = byId.get(container.id());
        long pause = known != null && known.reason().equals(reason)
                ? Math.min(MOST_AGAIN_SECONDS, 2 * known.pauseSeconds())
                : AGAIN_SECONDS;
        note(container, reason, Optional.empty(), pause);
    }

    private void note(
            FoundContainer container, Optional<String> reason, Optional<TakenAddress> taken, long pauseSeconds) {
        long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(pauseSeconds);
        Waiting before = byId.put(container.id(), new Waiting(container, reason, taken, pauseSeconds, due));
        if (reason.isPresent() && (before == null || !before.reason().equals(reason))) {
            LOG.warnf("Container %s is no target: %s", container.name(), reason.get());
        }
    }

    /** Returns a warning for each container that can't be a target, and asks for the service or has its address. */
    Stream<Warning> warnings(Service service, RoutingState state) {
        return byId.values().stream()
                .filter(one -> one.concerns(service, state))
                .sorted(Comparator.comparing(one -> one.container().name()))
                .flatMap(one -> one.reason().stream().map(why -> notAdded(one.container(), why)));
    }

    private static Warning notAdded(FoundContainer container, String why) {
        return new Warning(
                "container-not-added",
                "Container " + container.name() + " is no target: " + why + ".",
                "컨테이너 " + container.name() + "은(는) 대상이 아닙니다: " + why + ".");
    }

    /** Returns what a switch to a slot has to say of containers that ask for the slot and are no targets yet. */
    Optional<String> missing(Service before, Slot slot) {
        List<String> names = byId.values().stream()
                .map(Waiting::container)
                .filter(one -> one.service().equals(before.name()) && place(one, before) == slot)
                .map(FoundContainer::name)
                .sorted()
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("Containers that ask for slot " + slot + " are no targets yet, and get no requests: "
                        + Counted.some(names, NAMED) + ".");
    }
}
