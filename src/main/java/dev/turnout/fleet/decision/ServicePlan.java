package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.routing.Service;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member makes of the services that are configured at it, by what the store has: an immutable value.
 *
 * @param cells of all services that are configured, by name
 * @param update to be sent; null if there is nothing to say
 */
public record ServicePlan(
        SortedMap<String, Cell> cells, @Nullable StoreUpdate update) {

    /** Where a service stands that is configured at a member. */
    public enum Cell {
        /** The member takes part in its changes. */
        SEATED,
        /** The fleet has decided it, and knows that the member has it: the member serves by the decision from now on. */
        TAKE,
        /** An update says first that the member has it. */
        WAIT,
        /** The fleet has decided it otherwise than it is here. It is served as it is. */
        DIFFERS,
        /** The fleet has removed it while it was configured here. It is served as it is. */
        RETIRED,
        /** The fleet has as many services as it may have. It is served as it is. */
        TOO_MANY
    }

    /** How a service comes to be configured. */
    public enum Origin {
        /** The front is not open yet: nobody is served by it. */
        STARTING,
        /** Clients are served by it. */
        LIVE,
        /** An operator adds it now, and waits. Nobody is served by it. */
        ADDED
    }

    /** A service that is configured, as it is here. */
    public record Own(Service service, Origin origin) {}

    /**
     * What a member knows of itself.
     *
     * @param seat names the member and its process; the service in it means nothing
     * @param mark under which it says what it has; another one after each addition
     * @param seated the services that it takes part in
     * @param retired the services that the fleet has removed while they were configured here
     */
    public record Self(Seat seat, String mark, Set<String> seated, Set<String> retired) {}

    public ServicePlan {
        cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
    }

    /**
     * Makes the plan. There is none as long as the store does not know that this process is here. One that is no member has no
     * part in the fleet.
     *
     * @param own what is configured, by name
     * @param change the id of a first decision, if one is to be made
     * @param most how many services the fleet may have
     */
    public static ServicePlan of(Self self, Map<String, Own> own, String change, int most, StoreContents contents) {
        Seat seat = self.seat();
        SortedMap<String, Cell> cells = new TreeMap<>();
        if (!contents.roster().contains(seat.member())) {
            // It was taken out, and learns yet what the fleet has removed.
            own.keySet().stream().filter(self.retired()::contains).forEach(name -> cells.put(name, Cell.RETIRED));
            return new ServicePlan(cells, null);
        }
        if (!contents.isHere(seat.member(), seat.process())) {
            return new ServicePlan(cells, null);
        }
        SortedSet<String> said = contents.configured(seat.member());
        boolean isOwn = contents.isSaidBy(seat.member(), self.mark());
        Set<String> known = said == null || !isOwn ? Set.of() : said;
        int room = most - contents.services().size();
        SortedMap<String, Service> first = new TreeMap<>();
        for (Map.Entry<String, Own> entry : new TreeMap<>(own).entrySet()) {
            String name = entry.getKey();
            Decision made = contents.decision(name);
            Cell cell = self.seated().contains(name)
                    ? Cell.SEATED
                    : made == null
                            ? missing(entry.getValue(), self.retired().contains(name), first.size() < room)
                            : found(entry.getValue(), made.service(), known.contains(name));
            if (made == null && cell == Cell.WAIT) {
                first.put(name, entry.getValue().service());
            }
            cells.put(name, cell);
        }
        return new ServicePlan(cells, update(self, cells, first, change, said, contents));
    }

    private static Cell missing(Own own, boolean isRetired, boolean hasRoom) {
        if (isRetired && own.origin() != Origin.ADDED) {
            return Cell.RETIRED;
        }
        return hasRoom ? Cell.WAIT : Cell.TOO_MANY;
    }

    private static Cell found(Own own, Service made, boolean isKnown) {
        boolean differs =
                switch (own.origin()) {
                    case STARTING -> false;
                    case LIVE -> own.service().active() != made.active() || hasOtherTargets(own.service(), made);
                    case ADDED -> hasOtherTargets(own.service(), made);
                };
        if (differs) {
            return Cell.DIFFERS;
        }
        return isKnown ? Cell.TAKE : Cell.WAIT;
    }

    private static boolean hasOtherTargets(Service own, Service made) {
        return !made.reconciledWith(own.blue(), own.green(), Instant.EPOCH).equals(made);
    }

    private static @Nullable StoreUpdate update(
            Self self,
            SortedMap<String, Cell> cells,
            SortedMap<String, Service> first,
            String change,
            @Nullable Set<String> said,
            StoreContents contents) {
        Seat seat = self.seat();
        SortedSet<String> has = new TreeSet<>();
        cells.forEach((name, cell) -> {
            if (cell == Cell.SEATED || cell == Cell.TAKE || cell == Cell.WAIT) {
                has.add(name);
            }
        });
        if (said != null && !contents.isOnly(seat.member(), seat.process())) {
            // Another process of this member may serve what this one does not have.
            has.addAll(said);
        }
        if (!first.isEmpty()) {
            return ServiceEnrolment.create(seat.member(), has, self.mark(), first.values(), change, contents);
        }
        return has.equals(said) && contents.isSaidBy(seat.member(), self.mark())
                ? null
                : ServiceEnrolment.declare(seat.member(), has, self.mark(), contents);
    }

    /** Returns the services in one of some cells. */
    public Set<String> in(Cell... some) {
        Set<Cell> wanted = new HashSet<>(List.of(some));
        Set<String> names = new TreeSet<>();
        cells.forEach((name, cell) -> {
            if (wanted.contains(cell)) {
                names.add(name);
            }
        });
        return names;
    }
}
