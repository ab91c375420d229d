package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.Coordinator.Stage;
import dev.turnout.fleet.decision.CoordinatorEvent.TimeOver;
import dev.turnout.fleet.decision.FleetAction.Read;
import dev.turnout.fleet.decision.FleetAction.Send;
import dev.turnout.fleet.decision.FleetOutcome.Refused;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change of one service or of several: all are decided by one update of the store, or none is. An immutable value, as the
 * {@link Coordinator} of each service is.
 *
 * <p>The locks, the step to the votes and the decisions are one update each, sent when every service is ready for it. The
 * decision compares what the decision of each service compares, so one vote or lock that is gone stops all. The end of one
 * service's change gives up all others.
 *
 * @param parts the change of each service, by the name of the service; only the one that was refused if none was begun
 * @param refused the service whose change ended first, if the change was not decided; null if it was, or is open
 */
public record JointCoordinator(
        SortedMap<String, Coordinator> parts, @Nullable String refused) {

    /** The updates that all services make at once. */
    private static final Set<Purpose> TOGETHER = EnumSet.of(Purpose.LOCK, Purpose.ARM, Purpose.COMMIT);

    /** The most operations of one update: the limit of etcd as it is delivered. */
    private static final int MOST_OPERATIONS = 128;

    /** The most services of one change: a lock clears some keys of each. */
    private static final int MOST_SERVICES = 16;

    public JointCoordinator {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** Returns how many services can change at once in a fleet of so many members. */
    public static int mostServices(int members) {
        int compared = (MOST_OPERATIONS - 1 - members) / (2 + members);
        return Math.max(1, Math.min(MOST_SERVICES, compared));
    }

    /** Begins a change, or refuses it with nothing done. */
    public static Reaction<JointCoordinator> begin(Collection<FleetOrder> orders, StoreContents contents) {
        SortedMap<String, Reaction<Coordinator>> first = new TreeMap<>();
        orders.forEach(order -> first.put(order.service(), Coordinator.begin(order, contents)));
        for (Map.Entry<String, Reaction<Coordinator>> part : first.entrySet()) {
            Coordinator next = part.getValue().next();
            if (next.outcome() instanceof Refused) {
                SortedMap<String, Coordinator> only = new TreeMap<>(Map.of(part.getKey(), next));
                return Reaction.of(new JointCoordinator(only, part.getKey()));
            }
        }
        return new Reaction<>(new JointCoordinator(states(first), null), merged(first.values()));
    }

    /** Takes an event: every service does. */
    public Reaction<JointCoordinator> on(CoordinatorEvent event) {
        SortedMap<String, Reaction<Coordinator>> reactions = new TreeMap<>();
        parts.forEach((name, part) -> reactions.put(name, part.on(event)));
        String ended = refused == null ? firstEnded(reactions) : refused;
        boolean isGivenUp = ended != null
                || reactions.values().stream().anyMatch(part -> part.next().stage() == Stage.GIVING_UP);
        if (isGivenUp) {
            reactions.replaceAll(
                    (name, part) -> isUndecided(part.next()) ? part.next().on(new TimeOver()) : part);
        }
        return new Reaction<>(new JointCoordinator(states(reactions), ended), merged(reactions.values()));
    }

    /** The one that has something to say goes before those that were only overtaken or waited. */
    private static @Nullable String firstEnded(SortedMap<String, Reaction<Coordinator>> reactions) {
        @Nullable String silent = null;
        for (Map.Entry<String, Reaction<Coordinator>> part : reactions.entrySet()) {
            if (part.getValue().next().outcome() instanceof Refused why) {
                if (!why.members().isEmpty()) {
                    return part.getKey();
                }
                silent = silent == null ? part.getKey() : silent;
            }
        }
        return silent;
    }

    private static boolean isUndecided(Coordinator part) {
        return part.stage() == Stage.LOCKING || part.stage() == Stage.OPEN;
    }

    /** Returns true if nothing is left to do. */
    public boolean isOver() {
        return parts.values().stream().allMatch(part -> part.stage() == Stage.OVER);
    }

    /** Returns true if the change was decided. */
    public boolean isDecided() {
        return refused == null
                && parts.values().stream()
                        .allMatch(part -> part.stage() == Stage.DECIDED
                                || part.stage() == Stage.CLOSING
                                || part.outcome() instanceof FleetOutcome.Made);
    }

    private static SortedMap<String, Coordinator> states(SortedMap<String, Reaction<Coordinator>> reactions) {
        SortedMap<String, Coordinator> states = new TreeMap<>();
        reactions.forEach((name, reaction) -> states.put(name, reaction.next()));
        return states;
    }

    /** Returns the actions of all services: an update that all make at once is dropped unless all want it. */
    private static List<FleetAction> merged(Collection<Reaction<Coordinator>> reactions) {
        List<FleetAction> actions = new ArrayList<>();
        Map<Purpose, List<StoreUpdate>> together = new EnumMap<>(Purpose.class);
        for (Reaction<Coordinator> reaction : reactions) {
            for (FleetAction action : reaction.actions()) {
                if (action instanceof Send send
                        && TOGETHER.contains(send.update().purpose())) {
                    together.computeIfAbsent(send.update().purpose(), purpose -> new ArrayList<>())
                            .add(send.update());
                } else if (!(action instanceof Read) || !actions.contains(action)) {
                    actions.add(action);
                }
            }
        }
        together.values().stream()
                .filter(updates -> updates.size() == reactions.size())
                .map(updates -> updates.stream().reduce(StoreUpdate::and).orElseThrow())
                .forEach(update -> actions.add(new Send(update)));
        return actions;
    }
}
