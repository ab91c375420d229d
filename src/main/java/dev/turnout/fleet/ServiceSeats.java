package dev.turnout.fleet;

import dev.turnout.fleet.Trouble.Kind;
import dev.turnout.fleet.decision.ParticipantEvent;
import dev.turnout.fleet.decision.Seat;
import dev.turnout.fleet.decision.StoreContents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** This member's parts in all services of the fleet. The fleet's thread only, but for {@link #givenUp}. */
final class ServiceSeats {

    private final Map<String, ServiceSeat> seats = new TreeMap<>();

    ServiceSeats(
            FleetLoop loop, Presence.Self self, OwnRecords records, OwnRecords.Content disk, FleetTraffic traffic) {
        disk.services().forEach((name, record) -> {
            Seat seat = new Seat(name, self.member(), self.process(), FleetJson.FORMAT);
            seats.put(name, new ServiceSeat(loop, traffic, records, seat, disk.life(), record));
        });
    }

    /** Returns the names of the services. */
    Set<String> services() {
        return seats.keySet();
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
        return seats.values().stream()
                .flatMap(seat -> seat.inDoubt().stream())
                .map(text -> new Trouble(Kind.IN_DOUBT, text))
                .findFirst();
    }

    /** Returns why the store is not believed; empty if it is. */
    Optional<Trouble> disbelieved() {
        return seats.entrySet().stream()
                .flatMap(seat ->
                        seat.getValue().doubt().map(doubt -> FleetWords.disbelieved(seat.getKey(), doubt)).stream())
                .map(text -> new Trouble(Kind.DISBELIEVED, text))
                .findFirst();
    }
}
