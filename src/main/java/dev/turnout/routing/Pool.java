package dev.turnout.routing;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The targets of one slot, in the order of their list, and the targets that are out of rotation.
 *
 * <p>The configuration names the targets, until a list is given at run time. That list holds until a reset, or until
 * the targets of the configuration change.
 *
 * @param targets none twice; a configuration names at least one
 * @param out the targets that get no new requests; a subset of the targets
 * @param given what stands in for the configured targets; empty if the targets are the configured ones
 */
public record Pool(List<Target> targets, Set<Target> out, Optional<GivenTargets> given) {

    /** How many targets a list of the run time may have. */
    static final int MOST = 256;

    public Pool {
        targets = List.copyOf(targets);
        out = Set.copyOf(out);
        if (targets.isEmpty() && given.isEmpty()) {
            throw new IllegalArgumentException("a configured slot needs at least one target");
        }
        if (targets.stream().anyMatch(Target::isName)) {
            throw new IllegalArgumentException("a name is no target before it is looked up: " + targets);
        }
        if (Set.copyOf(targets).size() != targets.size()) {
            throw new IllegalArgumentException("a target stands twice in one slot: " + targets);
        }
        if (given.isPresent() && !targets.containsAll(given.get().leases().keySet())) {
            throw new IllegalArgumentException(
                    "leased, but not a target of the slot: " + given.get().leases());
        }
        if (!Set.copyOf(targets).containsAll(out)) {
            throw new IllegalArgumentException("out of rotation, but not a target of the slot: " + out);
        }
    }

    /**
     * Returns a pool of configured targets, with every target in rotation. A name among them has no targets until it is
     * looked up.
     */
    public static Pool of(List<Target> configured) {
        return configured.stream().noneMatch(Target::isName)
                ? new Pool(configured, Set.of(), Optional.empty())
                : new Pool(
                        configured.stream().filter(target -> !target.isName()).toList(),
                        Set.of(),
                        Optional.of(new GivenTargets(configured, Map.of())));
    }

    /** Returns the targets that get requests, in their order. */
    public List<Target> inRotation() {
        return targets.stream().filter(target -> !out.contains(target)).toList();
    }

    /** Returns the targets that the configuration names. */
    public List<Target> configured() {
        return given.map(GivenTargets::configured).orElse(targets);
    }

    /** Returns the configured names whose addresses are the targets of this slot. */
    public List<Target> names() {
        return configured().stream().filter(Target::isName).toList();
    }

    /** Returns this pool with the targets that its names stand for. */
    public Pool alsoWith(List<Target> found) {
        Set<Target> all = new LinkedHashSet<>(targets);
        all.addAll(found);
        return found.isEmpty() ? this : listing(List.copyOf(all));
    }

    /** Returns for how long targets stay without being renewed. A target that is not named stays. */
    public Map<Target, Duration> leases() {
        return given.map(GivenTargets::leases).orElse(Map.of());
    }

    /** Returns the same targets with these out of rotation. */
    public Pool withOut(Set<Target> nextOut) {
        return new Pool(targets, nextOut, given);
    }

    Pool without(Target target) {
        Set<Target> next = new LinkedHashSet<>(out);
        next.add(target);
        return withOut(next);
    }

    Pool with(Target target) {
        Set<Target> next = new LinkedHashSet<>(out);
        next.remove(target);
        return withOut(next);
    }

    /** Returns the same targets, all in rotation: a slot on which a new version has been proved is such a pool. */
    public Pool whole() {
        return withOut(Set.of());
    }

    /**
     * Returns this pool with a list of the run time. Targets that stay also stay out of rotation. The configured list
     * needs no list that stands in for it.
     */
    Pool listing(List<Target> next) {
        Set<Target> stillOut = new LinkedHashSet<>(out);
        stillOut.retainAll(next);
        Map<Target, Duration> stillLeased = new LinkedHashMap<>(leases());
        stillLeased.keySet().retainAll(next);
        return given(next, stillOut, stillLeased);
    }

    /** Returns this pool with one of its targets to be renewed within a time, or no more. */
    Pool leasing(Target target, Optional<Duration> lease) {
        Map<Target, Duration> leased = new LinkedHashMap<>(leases());
        leased.remove(target);
        lease.ifPresent(time -> leased.put(target, time));
        return given(targets, out, leased);
    }

    private Pool given(List<Target> next, Set<Target> nextOut, Map<Target, Duration> leased) {
        boolean isConfigured = next.equals(configured()) && leased.isEmpty();
        return new Pool(
                next, nextOut, isConfigured ? Optional.empty() : Optional.of(new GivenTargets(configured(), leased)));
    }

    /**
     * Returns this pool for the configured targets. Targets that stay also stay out of rotation, unless no target would
     * be in rotation. A list of the run time stays if the configuration names the targets that it stands in for.
     */
    Pool reconciledWith(List<Target> configured) {
        return configured.equals(configured()) ? this : configuredAs(configured);
    }

    /** Returns this pool with the configured targets, whatever list was given at run time. */
    Pool reset() {
        return given.isEmpty() || !names().isEmpty() ? this : configuredAs(configured());
    }

    /** Returns this pool with configured targets in place of all others. */
    Pool configuredAs(List<Target> configured) {
        Pool fresh = of(configured);
        Set<Target> next = new LinkedHashSet<>(fresh.targets);
        if (!fresh.names().isEmpty()) {
            // What serves now goes on until the names are looked up.
            next.addAll(targets);
        }
        Set<Target> stillOut = new LinkedHashSet<>(out);
        stillOut.retainAll(next);
        boolean noneLeft = stillOut.size() == next.size();
        return new Pool(List.copyOf(next), noneLeft ? Set.of() : stillOut, fresh.given);
    }
}
