package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.ServiceEnrolment;
import dev.turnout.fleet.decision.StoreContents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this member knows of the fleet, for operators: an immutable value.
 *
 * @param name of the fleet
 * @param member the place of this machine
 * @param process of this member
 * @param fleet the id of the fleet; empty if this Turnout is in none
 * @param trouble why changes are refused; empty if all is well
 * @param since when the trouble began or ended; empty outside of the fleet
 * @param revision of etcd, at which the newest of what is known was written; 0 if nothing is known
 * @param members of the roster
 * @param services of the fleet
 * @param apart services that this member serves apart from the fleet, each with the reason: {@code differs},
 *     {@code retired} or {@code too-many}
 */
public record FleetStatus(
        String name,
        String member,
        String process,
        Optional<String> fleet,
        Optional<Problem> trouble,
        Optional<Instant> since,
        long revision,
        List<Place> members,
        List<Decided> services,
        SortedMap<String, String> apart) {

    /**
     * Why changes are refused.
     *
     * @param kind {@code unread}, {@code unreachable}, {@code unreadable}, {@code disbelieved} or {@code in-doubt}
     * @param text for operators
     * @param korean what the text says, in Korean
     */
    public record Problem(String kind, String text, String korean) {

        /** All kinds. */
        public static final List<String> KINDS =
                Stream.of(Trouble.Kind.values()).map(Trouble.Kind::word).toList();
    }

    /**
     * A member.
     *
     * @param address of its admin API
     * @param isPresent whether one of its processes has a lease
     * @param epochs of each service, as the member has said that it serves them
     */
    public record Place(String member, String address, boolean isPresent, SortedMap<String, Long> epochs) {}

    /**
     * A service.
     *
     * @param epoch that the fleet has decided
     * @param here the epoch that this member serves; 0 if it does not take part in the service
     * @param changing the member that changes it now; empty if none does
     * @param lacking the members that do not have the service
     * @param elected the member that does alone what one member does for all; empty if it is not known, or nobody may change
     *     anything
     */
    public record Decided(
            String service,
            String active,
            long epoch,
            long here,
            Optional<String> changing,
            List<String> lacking,
            Optional<String> elected) {}

    /** Returns the members that are not here. */
    public List<String> missing() {
        return members.stream()
                .filter(place -> !place.isPresent())
                .map(Place::member)
                .toList();
    }

    /** Returns true if this member has a service and follows the fleet in it. */
    public boolean isFollowedHere(Decided service) {
        return !service.lacking().contains(member) && !apart.containsKey(service.service());
    }

    /** Returns the members that are here and have not said yet that they serve what was decided last. */
    public List<String> behind() {
        return members.stream()
                .filter(place -> place.isPresent()
                        && services.stream()
                                .filter(service -> !service.lacking().contains(place.member()))
                                .anyMatch(service ->
                                        place.epochs().getOrDefault(service.service(), 0L) < service.epoch()))
                .map(Place::member)
                .toList();
    }

    static FleetStatus of(FleetSettings settings, String process, Optional<String> fleet, Optional<FleetView> view) {
        Optional<StoreContents> contents = view.flatMap(FleetView::contents);
        return new FleetStatus(
                settings.name(),
                settings.member(),
                process,
                fleet,
                view.flatMap(FleetView::trouble)
                        .map(trouble -> new Problem(trouble.kind().word(), trouble.text(), trouble.korean())),
                view.map(FleetView::since),
                contents.map(StoreContents::newest).orElse(0L),
                contents.map(known -> places(view.get(), known)).orElse(List.of()),
                contents.map(known -> services(view.get(), known)).orElse(List.of()),
                apart(view));
    }

    private static SortedMap<String, String> apart(Optional<FleetView> view) {
        SortedMap<String, String> apart = new TreeMap<>();
        view.ifPresent(known -> known.apart().forEach((name, cell) -> apart.put(name, Members.word(cell))));
        return apart;
    }

    private static Set<String> names(FleetView view, StoreContents contents) {
        Set<String> names = contents.services();
        names.addAll(view.epochs().keySet());
        return names;
    }

    private static List<Place> places(FleetView view, StoreContents contents) {
        List<Place> places = new ArrayList<>();
        view.roster().forEach((member, address) -> {
            SortedMap<String, Long> epochs = new TreeMap<>();
            for (String service : names(view, contents)) {
                StoreContents.Entry entry = contents.entry(FleetKey.applied(service, member));
                if (entry != null && entry.value() instanceof Applied applied) {
                    epochs.put(service, applied.epoch());
                }
            }
            places.add(new Place(member, address, contents.isPresent(member), epochs));
        });
        return places;
    }

    private static List<Decided> services(FleetView view, StoreContents contents) {
        List<Decided> services = new ArrayList<>();
        for (String name : names(view, contents)) {
            Decision decision = contents.decision(name);
            Intent intent = contents.intent(name);
            services.add(new Decided(
                    name,
                    decision == null ? "" : decision.service().active().toString(),
                    decision == null ? 0 : decision.epoch(),
                    view.epochs().getOrDefault(name, 0L),
                    intent == null ? Optional.empty() : Optional.of(intent.member()),
                    List.copyOf(ServiceEnrolment.lacking(name, contents)),
                    view.elected(name)));
        }
        return services;
    }
}
