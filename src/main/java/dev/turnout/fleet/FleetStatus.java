package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.StoreContents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param elected does alone what one member does for all; empty if it is not known, or nobody may change anything
 * @param services of the fleet
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
        Optional<String> elected) {

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
     * @param here the epoch that this member serves
     * @param changing the member that changes it now; empty if none does
     */
    public record Decided(String service, String active, long epoch, long here, Optional<String> changing) {}

    /** Returns the members that are not here. */
    public List<String> missing() {
        return members.stream()
                .filter(place -> !place.isPresent())
                .map(Place::member)
                .toList();
    }

    /** Returns the members that are here and have not said yet that they serve what was decided last. */
    public List<String> behind() {
        return members.stream()
                .filter(place -> place.isPresent()
                        && services.stream()
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
                view.flatMap(FleetView::elected));
    }

    private static List<Place> places(FleetView view, StoreContents contents) {
        List<Place> places = new ArrayList<>();
        view.roster().forEach((member, address) -> {
            SortedMap<String, Long> epochs = new TreeMap<>();
            for (String service : view.epochs().keySet()) {
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
        for (Map.Entry<String, Long> here : view.epochs().entrySet()) {
            Decision decision = contents.decision(here.getKey());
            Intent intent = contents.intent(here.getKey());
            services.add(new Decided(
                    here.getKey(),
                    decision == null ? "" : decision.service().active().toString(),
                    decision == null ? 0 : decision.epoch(),
                    here.getValue(),
                    intent == null ? Optional.empty() : Optional.of(intent.member())));
        }
        return services;
    }
}
