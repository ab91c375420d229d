package dev.turnout.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The targets of one slot, in the order of the configuration, and which of them are out of rotation.
 *
 * @param targets at least one, none twice
 * @param out those that get no new requests; a subset of the targets
 */
public record Pool(List<Target> targets, Set<Target> out) {

    public Pool {
        targets = List.copyOf(targets);
        out = Set.copyOf(out);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a slot needs at least one target");
        }
        if (Set.copyOf(targets).size() != targets.size()) {
            throw new IllegalArgumentException("a target stands twice in one slot: " + targets);
        }
        if (!Set.copyOf(targets).containsAll(out)) {
            throw new IllegalArgumentException("out of rotation, but not a target of the slot: " + out);
        }
    }

    /** A pool with every target in rotation. */
    public static Pool of(List<Target> targets) {
        return new Pool(targets, Set.of());
    }

    /** The targets that get requests, in the order of the configuration. */
    public List<Target> inRotation() {
        return targets.stream().filter(target -> !out.contains(target)).toList();
    }

    Pool without(Target target) {
        Set<Target> next = new LinkedHashSet<>(out);
        next.add(target);
        return new Pool(targets, next);
    }

    Pool with(Target target) {
        Set<Target> next = new LinkedHashSet<>(out);
        next.remove(target);
        return new Pool(targets, next);
    }

    /** The same targets, all in rotation: what a slot is when a new version has been proved on it. */
    Pool whole() {
        return of(targets);
    }

    /**
     * This pool for a list of targets that is configured: those that stay keep their place out of rotation, unless a
     * new list would so begin with nothing in rotation.
     */
    Pool reconciledWith(List<Target> configured) {
        if (configured.equals(targets)) {
            return this;
        }
        Set<Target> stillOut = new LinkedHashSet<>(out);
        stillOut.retainAll(configured);
        boolean noneLeft = stillOut.size() == configured.size();
        return new Pool(configured, noneLeft ? Set.of() : stillOut);
    }
}
