package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.Recovery;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/** This member's parts in all services of the fleet. The fleet's thread only, but for {@link #givenUp}. */
final class ServiceSeats {

    private static final Logger LOG = Logger.getLogger(ServiceSeats.class);

    private final Map<String, ServiceSeat> seats = new ConcurrentSkipListMap<>();
    private final FleetLoop loop;
    private final Presence.Self self;
    private final OwnRecords records;
    private final FleetTraffic traffic;

    ServiceSeats(
            FleetLoop loop, Presence.Self self, OwnRecords records, OwnRecords.Content disk, FleetTraffic traffic) {
        this.loop = loop;
        this.self = self;
        this.records = records;
        this.traffic = traffic;
        // Who is not configured to serve a service serves it by no decision.
        disk.services().forEach((name, record) -> {
            if (traffic.services().containsKey(name)) {
                add(name, disk.life(), record);
            }
        });
    }

    /** Takes part in a service from now on. The disk says so already. */
    ServiceSeat add(String name, String life, OwnRecord record) {
        Seat seat = new Seat(name, self.member(), self.process(), FleetJson.FORMAT);
        ServiceSeat added = new ServiceSeat(loop, traffic, records, seat, life, record);
        seats.put(name, added);
        return added;
    }

    /** Takes part in some services only from now on. */
    void keep(Set<String> services) {
        seats.keySet().retainAll(services);
    }

    /** Returns true if this member knows what has become of its vote on a service, or takes no part in it. */
    boolean isSettled(String service) {
        ServiceSeat seat = seats.get(service);
        return seat == null || seat.isSettled();
    }

    /** Takes an event of one service, if this member takes part in it. */
    void on(String service, ParticipantEvent event) {
        Optional.ofNullable(seats.get(service)).ifPresent(seat -> seat.on(event));
    }

    /** Returns the names of the services that this member takes part in. */
    Set<String> services() {
        return Set.copyOf(seats.keySet());
    }

    /** Takes what the store has. */
    void seen(StoreContents contents) {
        seats.values().forEach(seat -> seat.seen(contents));
    }

    /** Takes an event of all services. */
    void on(ParticipantEvent event) {
        List.copyOf(seats.values()).forEach(seat -> seat.on(event));
    }

    /** Takes what another member has told. */
    void told(PeerState peer) {
        seats.values().forEach(seat -> seat.told(peer));
    }

    /** Returns true if all services may be served. */
    boolean areOpen() {
        return seats.values().stream().allMatch(ServiceSeat::isOpen);
    }

    /** Returns true if this member knows what has become of all of its votes. */
    boolean areSettled() {
        return seats.values().stream().allMatch(ServiceSeat::isSettled);
    }

    /** Returns what this member knows of changes that were given up, by service. Any thread. */
    Map<String, String> givenUp() {
        Map<String, String> changes = new TreeMap<>();
        seats.forEach((name, seat) -> seat.givenUp().ifPresent(change -> changes.put(name, change)));
        return changes;
    }

    /** Returns the revision of each service that is in force here. */
    Map<String, Long> epochs() {
        Map<String, Long> epochs = new TreeMap<>();
        seats.forEach((name, seat) -> epochs.put(name, seat.service().revision()));
        return epochs;
    }

    /** Returns what operators should know if this member can't learn whether a change was made. */
    Optional<Trouble> inDoubt() {
        return seats.values().stream().flatMap(seat -> seat.inDoubt().stream()).findFirst();
    }

    /** Returns why the store is not believed; empty if it is. */
    Optional<Trouble> disbelieved() {
        return seats.entrySet().stream()
                .flatMap(seat ->
                        seat.getValue().doubt().map(doubt -> FleetWords.disbelieved(seat.getKey(), doubt)).stream())
                .findFirst();
    }

    /** A store that was recovered is believed again. The disk says so first, as seats go by it after a restart. */
    void believe(StoreContents contents, long revision) {
        Map<String, Decision> inForce = new TreeMap<>();
        seats.forEach((name, seat) -> inForce.put(name, seat.decision()));
        Optional<String> recovery = Recovery.believable(contents, inForce);
        Optional<OwnRecords.Content> own = records.content();
        if (recovery.isEmpty() || own.isEmpty() || own.get().recovery().equals(recovery)) {
            return;
        }
        try {
            records.believe(contents.life(), recovery.get(), revision);
            on(new ParticipantEvent.Accepted(contents.life()));
            LOG.warnf("The store of the fleet was recovered (%s), and is believed from now on", recovery.get());
        } catch (IOException e) {
            LOG.errorf("That the store was recovered can't be recorded: %s. It is not believed yet.", e);
        }
    }

    /** Who can't reach etcd, even at its start, knows from the disk whom to ask. */
    void keepPeers(StoreContents contents) {
        try {
            Entry entry = contents.entry(FleetKey.ROSTER);
            if (entry != null && entry.value() instanceof Roster roster) {
                records.putPeers(roster.members());
            }
        } catch (IOException e) {
            LOG.errorf("The addresses of the members can't be recorded: %s", e);
        }
    }
}
