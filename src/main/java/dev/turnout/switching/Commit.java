package dev.turnout.switching;

import dev.turnout.routing.NextSettings;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.TargetChange;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.routing.Warning;
import dev.turnout.store.StateStore;
import dev.turnout.store.StoreFailed;
import dev.turnout.store.Uninterrupted;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The commit of the next state of one service or more: persist, publish, remember; or, if that fails, take all of it back.
 *
 * <p>All services share one state file, so commits follow one another. Gate and drain take long, so they are outside.
 */
public final class Commit {

    private static final Logger LOG = Logger.getLogger(Commit.class);

    private final StateStore store;
    private final TrafficPlane plane;
    private final RoutingWarnings routing;
    private final CurrentState current;
    private final FleetPart fleet;
    private volatile Optional<String> damage = Optional.empty();
    private boolean isServing;

    Commit(StateStore store, TrafficPlane plane, RoutingWarnings routing, CurrentState current, FleetPart fleet) {
        this.store = store;
        this.plane = plane;
        this.routing = routing;
        this.current = current;
        this.fleet = fleet;
    }

    /** Puts the next state of one service in force, see {@link #enforce(List, boolean, Map)}. */
    List<String> enforce(Service next, boolean overrule, Change change) {
        return enforce(List.of(next), overrule, Map.of(next.name(), change)).getOrDefault(next.name(), List.of());
    }

    /**
     * Puts the next states of services in force: of all, or of none. Blocks until new requests are routed by them and by no
     * earlier ones.
     *
     * @param overrule whether to overwrite what somebody else has changed
     * @param changes of the services, by name; one caller has asked for all
     * @return what the operator should know of the states in force, by service
     * @throws ChangeRefused if a change was cancelled, or the state could not be saved or published; the state before
     *     is in force then
     */
    Map<String, List<String>> enforce(List<Service> next, boolean overrule, Map<String, Change> changes) {
        ChangeNote note = changes.values().iterator().next().note();
        if (fleet.decides()) {
            return decideTogether(next, overrule, changes.values(), note);
        }
        if (!note.without().isEmpty()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.NO_FLEET,
                    "This Turnout is in no fleet, so there is no member to be left out. Nothing has changed.");
        }
        return enforceAlone(next, overrule, changes.values());
    }

    /**
     * Blocks until the state from before a switch is in force again.
     *
     * @throws ChangeRefused as {@link #enforce(List, boolean, Map)}
     */
    void enforceBack(Service back, Change change) {
        if (fleet.decides()) {
            decideTogether(List.of(back), true, List.of(change), fleet.back(change.note()));
        } else {
            enforceAlone(List.of(back), false, List.of(change));
        }
    }

    /** Not under the lock of commits: the decision comes back as {@link #follow} on another thread. */
    private Map<String, List<String>> decideTogether(
            List<Service> next, boolean overrule, Collection<Change> changes, ChangeNote note) {
        next.forEach(this::refuseObjection);
        changes.forEach(Change::sealOrRefuse);
        changes.forEach(change -> change.enter(Step.PERSIST));
        Map<String, List<String>> behind = fleet.decide(current.get(), next, overrule, note);
        changes.forEach(change -> change.enter(Step.PUBLISH));
        Map<String, List<String>> warnings = warnings(next);
        behind.forEach((service, more) -> warnings.merge(service, more, Commit::joined));
        return warnings;
    }

    private static List<String> joined(List<String> first, List<String> then) {
        return Stream.concat(then.stream(), first.stream()).toList();
    }

    private Map<String, List<String>> warnings(List<Service> next) {
        Map<String, List<String>> warnings = new TreeMap<>();
        next.forEach(service -> warnings.put(service.name(), Warning.english(routing.warnings(service.name()))));
        return warnings;
    }

    /**
     * Routes by what a fleet has decided. Requests may be waiting for it, so the state file is left to {@link #saveDecided}. Blocks.
     */
    synchronized void follow(Service decided) {
        RoutingState after = current.get().with(decided);
        if (isServing) {
            plane.publish(after, OnDrift.OVERWRITE).toCompletableFuture().join();
        }
        current.set(after);
    }

    /**
     * Saves what is in force by a decision of the fleet. The member has the decision in its own record, which comes first and
     * goes before the state file at a start: so a crash before this loses nothing, and a failure is a warning only. A
     * successor that has the folder saves the decision itself.
     */
    synchronized void saveDecided() {
        try {
            store.save(current.get());
            damage = Optional.empty();
        } catch (StoreFailed e) {
            if (store.isReleased()) {
                return;
            }
            damage = Optional.of(sentence(e.getMessage()) + " The fleet's decision is in force, and is in "
                    + "fleet.json. Make room or mend the disk.");
            LOG.error(damage.get());
        }
    }

    /** Called when the front carries traffic by the state that was in force when it was started. */
    public synchronized void serve(RoutingState started) {
        isServing = true;
        if (!current.get().equals(started)) {
            plane.publish(current.get(), OnDrift.OVERWRITE)
                    .toCompletableFuture()
                    .join();
        }
    }

    private synchronized Map<String, List<String>> enforceAlone(
            List<Service> next, boolean overrule, Collection<Change> changes) {
        RoutingState before = current.get();
        RoutingState after = before;
        for (Service service : next) {
            after = after.with(service);
        }
        List<String> names = next.stream().map(Service::name).toList();
        next.forEach(this::refuseObjection);
        refuseDrift(overrule);
        changes.forEach(Change::sealOrRefuse);
        changes.forEach(change -> change.enter(Step.PERSIST));
        save(after, names);
        changes.forEach(change -> change.enter(Step.PUBLISH));
        publish(before, after, names, overrule);
        current.set(after);
        return warnings(next);
    }

    /**
     * Blocks until new requests are routed by other targets and other settings, all in one step.
     *
     * @param changes of all services that change
     * @param settings put in force with the state; given up if the state is refused
     * @param overrule whether to overwrite what somebody else has changed
     * @param asking the changes that are under way, which enter the steps
     * @throws ChangeRefused if the state could not be saved or published; all is as before then
     */
    synchronized void enforce(
            List<TargetChange> changes, NextSettings settings, boolean overrule, Collection<Change> asking) {
        RoutingState before = current.get();
        RoutingState after = before;
        for (TargetChange change : changes) {
            after = change.in(after);
        }
        boolean isChanged = !after.equals(before);
        List<String> names =
                changes.stream().map(TargetChange::service).limit(1).toList();
        try {
            refuseConfigured(changes);
            asking.forEach(Change::sealOrRefuse);
            if (isChanged) {
                refuseDrift(overrule);
                asking.forEach(change -> change.enter(Step.PERSIST));
            }
            settings.persist();
            if (isChanged) {
                save(after, names);
                asking.forEach(change -> change.enter(Step.PUBLISH));
            }
        } catch (ChangeRefused refused) {
            settings.giveUp();
            throw refused;
        }
        settings.apply();
        if (isChanged || settings.needsPublish()) {
            publish(before, after, names, overrule);
            current.set(after);
        }
    }

    /** Returns true if somebody else has changed where the traffic goes. */
    boolean hasDrifted() {
        return routing.drift().isPresent();
    }

    /**
     * Saves the state in force, if another state is recorded. Called once this process serves. If saving fails, {@link
     * #damage()} tells, and the traffic goes on.
     */
    public synchronized void record() {
        RoutingState now = current.get();
        try {
            if (!store.load().equals(Optional.of(now))) {
                store.save(now);
            }
            damage = Optional.empty();
        } catch (StoreFailed e) {
            String sentence = "The state in force is not the one that is recorded. " + sentence(e.getMessage())
                    + " The traffic goes on. Make room or mend the disk: changes are refused until the state can be"
                    + " saved, and a restart before that begins from what is recorded.";
            damage = Optional.of(sentence);
            LOG.error(sentence);
        }
    }

    /** Returns what an operator has to know of a commit that could not be taken back wholly. */
    Optional<String> damage() {
        return damage;
    }

    /** Refuses what {@link #enforce} would refuse, before time is spent on the change. */
    void refuseObjection(Service next) {
        plane.objection(next).ifPresent(objection -> {
            throw new ChangeRefused(ChangeRefused.Reason.UNSUPPORTED, sentence(objection) + " Nothing has changed.");
        });
    }

    /** Refuses what a fleet decides, before time is spent on the change. */
    void refuseConfigured(List<TargetChange> changes) {
        fleet.refuseConfigured(changes);
    }

    private void refuseDrift(boolean overrule) {
        Optional<String> drift = routing.drift();
        if (drift.isPresent() && !overrule) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.DRIFT,
                    sentence(drift.get())
                            + " Nothing has changed. With force=true the change is made and overwrites this.");
        }
    }

    private void save(RoutingState after, List<String> services) {
        try {
            store.save(after);
            damage = Optional.empty();
        } catch (StoreFailed e) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.STATE_NOT_SAVED,
                    sentence(e.getMessage()) + " Nothing has changed: " + serving(services)
                            + " Make room or mend the disk, then try again.",
                    e);
        }
    }

    private void publish(RoutingState before, RoutingState after, List<String> services, boolean overrule) {
        try {
            plane.publish(after, overrule ? OnDrift.OVERWRITE : OnDrift.FAIL)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            String what = e.getCause() instanceof PublishFailed failed
                    ? failed.getMessage()
                    : "The new state could not be published: " + e.getCause();
            boolean isKnown = !hasDrifted();
            ChangeRefused refused = new ChangeRefused(
                    ChangeRefused.Reason.NOT_PUBLISHED,
                    sentence(what) + " " + takeBack(before, services, isKnown),
                    e.getCause());
            throw isKnown ? refused : refused.with("inForce", "unknown");
        }
    }

    /** @param isKnown whether the state from before is known to be in force */
    private String takeBack(RoutingState before, List<String> services, boolean isKnown) {
        try {
            Uninterrupted.run(() -> store.save(before));
            return isKnown
                    ? "Nothing has changed: " + serving(services)
                    : "The recorded state is the one from before again.";
        } catch (StoreFailed e) {
            String sentence = "The state file could not be put back to what is in force (" + e.getMessage() + "): "
                    + serving(services)
                    + " But a restart of Turnout would bring the refused change into force. Mend the disk, then ask again.";
            damage = Optional.of(sentence);
            LOG.error(sentence);
            return sentence;
        }
    }

    private String serving(List<String> services) {
        return services.stream().map(this::serving).collect(Collectors.joining(", ")) + ".";
    }

    private String serving(String service) {
        return current.get()
                .service(service)
                .map(now -> "slot " + now.active() + " of service '" + service + "' serves as before")
                .orElse("service '" + service + "' is not served");
    }

    /** Returns a message with a full stop. Messages of others may end without a full stop. */
    private static String sentence(@Nullable String message) {
        String text = String.valueOf(message).strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
