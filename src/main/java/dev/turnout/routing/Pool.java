package dev.turnout.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The targets of one slot, in the order of the configuration, and the targets that are out of rotation.
 *
 * @param targets at least one, none twice
 * @param out the targets that get no new requests; a subset of the targets
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

    /** Returns a pool with every target in rotation. */
    public static Pool of(List<Target> targets) {
        return new Pool(targets, Set.of());
    }

    /** Returns the targets that get requests, in the order of the configuration. */
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

    /** Returns the same targets, all in rotation: a slot on which a new version has been proved is such a pool. */
    Pool whole() {
        return of(targets);
    }

    /**
     * Returns this pool for the configured targets. Targets that stay also stay out of rotation, unless no target would
     * be in rotation.
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
