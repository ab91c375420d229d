package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.Recovery;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.ServiceEnrolment;
import dev.turnout.fleet.decision.ServicePlan;
import dev.turnout.fleet.decision.ServicePlan.Cell;
import dev.turnout.fleet.decision.ServicePlan.Origin;
import dev.turnout.fleet.decision.ServicePlan.Own;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.routing.Service;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Brings the services that are configured here and those of the fleet together: says which ones this member has, has the first
 * decision of a new one made, takes part in what the fleet has, and has removed what no member has. The fleet's thread only,
 * but for {@link #apart}.
 */
final class MemberServices {

    private static final Logger LOG = Logger.getLogger(MemberServices.class);

    private final FleetLoop loop;
    private final Presence.Self self;
    private final FleetTraffic traffic;
    private final OwnRecords records;
    private final ServiceSeats seats;
    private final Map<String, Service> added = new HashMap<>();
    private SortedSet<String> retired;
    private String change = newChange();
    private String mark;
    private int additions;
    private boolean isStarting = true;
    private boolean isKnown;
    private volatile SortedMap<String, Cell> apart = Collections.emptySortedMap();

    MemberServices(
            FleetLoop loop,
            Presence.Self self,
            FleetTraffic traffic,
            OwnRecords records,
            OwnRecords.Content disk,
            ServiceSeats seats) {
        this.loop = loop;
        this.self = self;
        this.traffic = traffic;
        this.records = records;
        this.seats = seats;
        this.retired = disk.retired();
        this.mark = self.process();
    }

    private static String newChange() {
        return "first-" + UUID.randomUUID();
    }

    /** Returns true if it was found out of each service whether this member takes part in it. */
    boolean areKnown() {
        return isKnown;
    }

    /** Called when the front is about to open: from then on clients are served by what is configured. */
    void opened() {
        isStarting = false;
    }

    /** Returns the services that are served here apart from the fleet, each with the reason. Any thread. */
    SortedMap<String, Cell> apart() {
        return apart;
    }

    /**
     * Returns true if this member takes part in those of some services that are configured, and in none of others that are
     * not.
     */
    boolean areAsConfigured(Set<String> some, Set<String> others) {
        Set<String> configured = traffic.services().keySet();
        Set<String> seated = seats.services();
        return some.stream().allMatch(name -> seated.contains(name) || !configured.contains(name))
                && others.stream().noneMatch(name -> seated.contains(name) && !configured.contains(name));
    }

    /** Has services taken into the fleet that are not configured yet: until {@link #ended}. */
    void adding(Collection<Service> services) {
        services.forEach(service -> added.put(service.name(), service));
        // What was said before, and is under way yet, must not come after what is said from now on.
        mark = self.process() + "." + ++additions;
        loop.readSoon();
    }

    /** Called when services are configured that were to be added, or are not to be added any more. */
    void ended(Set<String> services) {
        added.keySet().removeAll(services);
        loop.readSoon();
    }

    /** Returns where the services stand that are being added, by what the store has. */
    ServicePlan plan(StoreContents contents) {
        Seat seat = new Seat("", self.member(), self.process(), FleetJson.FORMAT);
        Map<String, Own> own = new HashMap<>();
        Origin origin = isStarting ? Origin.STARTING : Origin.LIVE;
        traffic.services().forEach((name, service) -> own.put(name, new Own(service, origin)));
        added.forEach((name, service) -> own.put(name, new Own(service, Origin.ADDED)));
        return ServicePlan.of(
                new ServicePlan.Self(seat, mark, seats.services(), retired),
                own,
                change,
                Recovery.MOST_SERVICES,
                contents);
    }

    /** Takes what the store has, which is believed. */
    void seen(StoreContents contents) {
        leaveOthers();
        ServicePlan plan = plan(contents);
        plan.in(Cell.TAKE).forEach(name -> take(name, contents));
        StoreUpdate update = plan.update();
        if (update != null) {
            loop.send(update, answer -> change = newChange());
        }
        contents.services().forEach(name -> {
            StoreUpdate removal = ServiceEnrolment.remove(name, contents);
            if (removal != null) {
                loop.send(removal, answer -> {});
            }
        });
        isKnown = !contents.roster().contains(self.member())
                || !plan.cells().isEmpty() && plan.in(Cell.TAKE, Cell.WAIT).isEmpty();
        show(plan);
    }

    /** Takes no part any more in services that are not configured, as soon as no vote binds this member. */
    private void leaveOthers() {
        Set<String> configured = traffic.services().keySet();
        Set<String> kept = new TreeSet<>(seats.services());
        kept.removeIf(name -> !configured.contains(name) && seats.isSettled(name));
        SortedSet<String> still = new TreeSet<>(retired);
        still.retainAll(configured);
        keep(kept, still);
    }

    /** The disk says so first: a member that is started again takes no part in what it does not have. */
    private void keep(Set<String> services, SortedSet<String> nextRetired) {
        try {
            records.keep(services, nextRetired);
            seats.keep(services);
            retired = nextRetired;
        } catch (IOException e) {
            LOG.errorf("Which services this member has can't be recorded: %s", e);
        }
    }

    /** The fleet has removed a service that is configured here. It goes on as it is, and is no part of the fleet. */
    void retire(String service) {
        if (!seats.services().contains(service)) {
            return;
        }
        Set<String> kept = new TreeSet<>(seats.services());
        kept.remove(service);
        SortedSet<String> next = new TreeSet<>(retired);
        next.add(service);
        keep(kept, next);
        LOG.warnf("The fleet has removed service '%s', which is configured here. It is served as before.", service);
    }

    /** Serves by what the fleet has decided, and takes part from now on. The disk comes first. */
    private void take(String name, StoreContents contents) {
        Decision made = Objects.requireNonNull(contents.decision(name), "a decision");
        Optional<Service> here = Optional.ofNullable(traffic.services().get(name));
        if (here.isEmpty()) {
            return;
        }
        OwnRecord record = new OwnRecord(made, null);
        try {
            records.put(name, record, loop.revision());
        } catch (IOException e) {
            LOG.errorf("%s: what the fleet has decided can't be recorded: %s", name, e);
            return;
        }
        if (!here.get().equals(made.service())) {
            traffic.publish(made.service());
        }
        seats.add(name, contents.life(), record).seen(contents);
        SortedSet<String> still = new TreeSet<>(retired);
        still.remove(name);
        keep(Set.copyOf(seats.services()), still);
        LOG.infof("Service '%s' is one of the fleet, at revision %d", name, made.epoch());
    }

    private void show(ServicePlan plan) {
        SortedMap<String, Cell> next = new TreeMap<>(plan.cells());
        next.values().removeIf(cell -> cell == Cell.SEATED || cell == Cell.TAKE || cell == Cell.WAIT);
        next.keySet().removeAll(added.keySet());
        apart = Collections.unmodifiableSortedMap(next);
    }
}
