package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.health.Gate;
import dev.turnout.routing.Command.FollowNames;
import dev.turnout.routing.NameLookUp;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.CandidateProofs.Candidate;
import dev.turnout.switching.KeptTargets.Place;
import dev.turnout.switching.SwitchOrder.Until;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the configured names whose addresses are the targets: each is looked up when its last answer has aged.
 *
 * <p>A look-up that fails, or brings nothing, leaves the targets of the last answer, and status and log say so. An address
 * that comes to a slot with traffic is probed before, outside of any change, so that one that does not answer holds nobody
 * up. One that leaves is drained, as a target is that is removed at run time. The targets stand in the recorded state, so a
 * start begins with those of the last answer. In a fleet the answers of one member hold for each service. Any thread.
 */
public final class NameFollower {

    private static final Logger LOG = Logger.getLogger(NameFollower.class);
    private static final long LOOK_MILLIS = 250;
    private static final ChangeNote NOTE = ChangeNote.of("names");

    private final CurrentState current;
    private final Changes changes;
    private final Adjuster adjuster;
    private final CandidateProofs proofs;
    private final Function<String, Election> elections;
    private final FollowedNames names;
    private final KeptTargets kept = new KeptTargets();
    private final Rests<Place> rests = new Rests<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private @Nullable ScheduledExecutorService thread;

    /**
     * What is known of a name of a slot.
     *
     * @param isUp whether the last look-up brought targets; empty before the first
     * @param targets how many the last answer has
     */
    public record NameView(String service, Slot slot, Target name, Optional<Boolean> isUp, int targets) {}

    /** The targets that a slot is to get, and the state of its service that they were found in. */
    private record Wish(List<Target> next, long revision) {}

    NameFollower(
            CurrentState current,
            Changes changes,
            Adjuster adjuster,
            Gate gate,
            SwitchTimes times,
            NameLookUp lookUp,
            Function<String, Election> elections) {
        this.current = current;
        this.changes = changes;
        this.adjuster = adjuster;
        this.proofs = new CandidateProofs(gate, times, stopped);
        this.names = new FollowedNames(lookUp);
        this.elections = elections;
    }

    /** Starts to look names up, on new threads. */
    public synchronized void begin() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-names", task));
        thread.scheduleWithFixedDelay(this::lookAgain, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops to look names up. */
    public synchronized void stop() {
        stopped.complete(null);
        if (thread != null) {
            thread.shutdownNow();
        }
        names.stop();
    }

    /** Returns what is known of the names of all services, by service and slot. */
    public List<NameView> views() {
        return places().flatMap(place -> pool(place).names().stream().map(name -> view(place, name)))
                .toList();
    }

    private NameView view(Place place, Target name) {
        Optional<FollowedName> known = names.known(name);
        return new NameView(
                place.service(),
                place.slot(),
                name,
                known.filter(one -> one.targets().isPresent() || one.failures() > 0)
                        .map(one -> one.trouble().isEmpty()),
                known.flatMap(FollowedName::targets).map(List::size).orElse(0));
    }

    /** Returns a warning for each name of a service that brings no targets now. */
    List<Warning> warnings(Service service) {
        List<Warning> warnings = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            for (Target name : service.pool(slot).names()) {
                names.known(name)
                        .flatMap(FollowedName::trouble)
                        .ifPresent(why -> warnings.add(unanswered(slot, name, why)));
            }
            kept.warning(new Place(service.name(), slot)).ifPresent(warnings::add);
        }
        return warnings;
    }

    private static Warning unanswered(Slot slot, Target name, String why) {
        return new Warning(
                "name-not-resolved",
                name + " of slot " + slot + " can't be looked up: " + why
                        + ". The targets of its last answer stay. Look at the name server and the record.",
                "슬롯 " + slot + "의 " + name + "을(를) 조회할 수 없습니다: " + why + ". 마지막 응답의 대상을 유지합니다. 네임 서버와 레코드를 확인하십시오.");
    }

    private Stream<Place> places() {
        return current.get().services().keySet().stream()
                .flatMap(service -> Stream.of(Slot.values()).map(slot -> new Place(service, slot)))
                .filter(place -> !pool(place).names().isEmpty());
    }

    private Pool pool(Place place) {
        return current.service(place.service()).pool(place.slot());
    }

    /** Looks once more. An exception does not end the schedule. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            LOG.error("The names of targets could not be looked at", e);
        }
    }

    private void look() {
        List<Place> places = places().toList();
        Set<Target> followed =
                places.stream().flatMap(place -> pool(place).names().stream()).collect(Collectors.toSet());
        kept.retain(places);
        rests.retain(Set.copyOf(places));
        long now = System.nanoTime();
        names.follow(followed, now);
        Set<Candidate> wanted = new HashSet<>();
        for (Place place : places) {
            Election election = elections.apply(place.service());
            if (election.isHere()) {
                follow(place, wanted);
            } else {
                election.other().ifPresent(member -> compare(place, member, now));
            }
        }
        proofs.retain(wanted);
    }

    /** Begins to give a slot the targets that its names stand for, if they are others. */
    private void follow(Place place, Set<Candidate> wanted) {
        Service service = current.service(place.service());
        Optional<List<Target>> standFor =
                names.standFor(service.pool(place.slot())).map(all -> ofItsOwn(service, place.slot(), all));
        if (standFor.isEmpty() || !changes.mayBegin(place.service())) {
            wanted.addAll(proofs.of(place.service()));
            return;
        }
        List<Target> next = next(service, place.slot(), standFor.get(), wanted);
        if (next.isEmpty() || next.equals(service.pool(place.slot()).targets())) {
            if (Set.copyOf(service.pool(place.slot()).targets()).equals(Set.copyOf(standFor.get()))) {
                kept.agrees(place);
            }
            return;
        }
        List<Target> rest = withoutForeign(service, place.slot(), next);
        Place other = new Place(place.service(), place.slot().other());
        if (rest.size() < service.pool(other.slot()).targets().size()) {
            beginUnlessRefused(other, rest, service);
        } else {
            beginUnlessRefused(place, next, service);
        }
    }

    private void beginUnlessRefused(Place place, List<Target> next, Service service) {
        Wish wish = new Wish(List.copyOf(next), service.revision());
        if (!rests.holds(place, wish, System.nanoTime())) {
            begin(place, wish, service.pool(place.slot()).targets().isEmpty());
        }
    }

    /**
     * Returns what a slot's names stand for. A last answer of long ago stands behind the other slot's names: an address that is
     * free goes to whoever comes next.
     */
    private List<Target> ofItsOwn(Service service, Slot slot, List<Target> all) {
        if (service.hasTraffic(slot) || names.areUp(service.pool(slot))) {
            return all;
        }
        List<Target> others = names.standFor(service.pool(slot.other())).orElse(List.of());
        return all.stream()
                .filter(target -> others.stream().noneMatch(target::isAtPlaceOf))
                .toList();
    }

    /**
     * Returns what is left of the other slot, which has no traffic, without addresses that a slot is to get and the names of the
     * other slot stand for no more. All of it is left if there are none.
     */
    private List<Target> withoutForeign(Service service, Slot slot, List<Target> next) {
        Pool other = service.pool(slot.other());
        if (other.names().isEmpty() || service.hasTraffic(slot.other())) {
            return other.targets();
        }
        List<Target> own = names.standFor(other)
                .map(all -> ofItsOwn(service, slot.other(), all))
                .orElse(List.of());
        return other.targets().stream()
                .filter(target -> own.contains(target) || next.stream().noneMatch(target::isAtPlaceOf))
                .toList();
    }

    /** Finds out whether another member, which looks names up for all, has decided what this one has found. */
    private void compare(Place place, String member, long nowNanos) {
        Pool pool = pool(place);
        names.standFor(pool).ifPresent(targets -> {
            if (Set.copyOf(targets).equals(Set.copyOf(pool.targets()))) {
                kept.agrees(place);
            } else {
                kept.differs(place, member, nowNanos);
            }
        });
    }

    /** Returns the next targets: those that stay, in their order, and those that come and have answered a probe. */
    private List<Target> next(Service service, Slot slot, List<Target> standFor, Set<Candidate> wanted) {
        Pool before = service.pool(slot);
        boolean isProved = !service.hasTraffic(slot) || before.targets().isEmpty();
        List<Target> next = new ArrayList<>(
                before.targets().stream().filter(standFor::contains).toList());
        for (Target target : standFor) {
            Candidate candidate = new Candidate(service.name(), target);
            if (!next.contains(target) && (isProved || wanted.add(candidate) && proofs.isGood(candidate))) {
                next.add(target);
            }
        }
        return next;
    }

    private void begin(Place place, Wish wish, boolean isFirst) {
        FollowNames command = new FollowNames(place.slot(), wish.next());
        try {
            adjuster.begin(new AdjustmentOrder(
                            place.service(),
                            new TargetList(command),
                            Until.SWITCHED,
                            isFirst,
                            false,
                            ExpectedRevision.none(),
                            NOTE))
                    .whenComplete((report, failure) -> ended(place, wish, failure));
        } catch (ChangeRefused later) {
            ended(place, wish, later);
        }
    }

    private void ended(Place place, Wish wish, @Nullable Throwable failure) {
        if (failure == null) {
            kept.agrees(place);
            rests.over(place);
            return;
        }
        if (ChangeRefused.isBusy(failure)) {
            return;
        }
        // What did not pass is to pass a gate of its own again, before the next change.
        wish.next().forEach(target -> proofs.forget(new Candidate(place.service(), target)));
        rests.refused(place, wish, System.nanoTime());
        kept.keeps(place, String.valueOf(ChangeRefused.reasonOf(failure).getMessage()));
    }
}
