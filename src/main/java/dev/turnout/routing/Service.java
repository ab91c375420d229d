package dev.turnout.routing;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The routing state of one application: an immutable value. {@link Transition} holds the legal ways from one to the
 * next.
 *
 * @param name as in the configuration; {@value #DEFAULT} unless several are configured
 * @param active the slot that serves
 * @param previous the slot that a rollback goes back to, if there is one
 * @param blue the targets of slot blue
 * @param green the targets of slot green
 * @param canary the share of the clients that goes to the idle slot, if any does
 * @param paused whether new requests wait
 * @param revision grows by one with every change
 * @param since when this state was made
 * @param why what made it, in words for the operator
 */
public record Service(
        String name,
        Slot active,
        Optional<Slot> previous,
        Pool blue,
        Pool green,
        Optional<Canary> canary,
        boolean paused,
        long revision,
        Instant since,
        String why) {

    /** The name of the service that a call means when it names none. */
    public static final String DEFAULT = "default";

    public Service {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(active, "active");
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(blue, "blue");
        Objects.requireNonNull(green, "green");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(canary, "canary");
        if (paused && canary.isPresent()) {
            throw new IllegalArgumentException("a paused service has no canary");
        }
        if (revision < 1) {
            throw new IllegalArgumentException("a revision is 1 or more, not " + revision);
        }
    }

    /** A service as it is before anybody has changed it: blue serves. */
    public static Service initial(String name, Pool blue, Pool green, Instant now) {
        return new Service(
                name, Slot.BLUE, Optional.empty(), blue, green, Optional.empty(), false, 1, now, "first start");
    }

    /** The slot that does not serve. */
    public Slot idle() {
        return active.other();
    }

    /** Percent of the clients that go to the idle slot, 0 to 100. */
    public int canaryWeight() {
        return canary.map(Canary::weight).orElse(0);
    }

    public Pool pool(Slot slot) {
        return slot == Slot.BLUE ? blue : green;
    }

    /** This state with the targets of another one, in rotation and out of it. */
    public Service withTargetsOf(Service other) {
        return new Service(name, active, previous, other.blue, other.green, canary, paused, revision, since, why);
    }

    /** The targets of the idle slot, less those that the active one has too and that go on getting requests so. */
    public List<Target> idleTargets() {
        List<Target> serving = pool(active).targets();
        return pool(idle()).targets().stream()
                .filter(target -> !serving.contains(target))
                .toList();
    }

    /** The slot that has this target, if one has. */
    public Optional<Slot> slotOf(Target target) {
        if (blue.targets().contains(target)) {
            return Optional.of(Slot.BLUE);
        }
        return green.targets().contains(target) ? Optional.of(Slot.GREEN) : Optional.empty();
    }

    /**
     * This state with the targets that are configured now. Which slot is active never comes from the configuration.
     * The same value if nothing differs.
     */
    public Service reconciledWith(Pool configuredBlue, Pool configuredGreen, Instant now) {
        Pool nextBlue = blue.reconciledWith(configuredBlue.targets());
        Pool nextGreen = green.reconciledWith(configuredGreen.targets());
        if (nextBlue.equals(blue) && nextGreen.equals(green)) {
            return this;
        }
        return new Service(
                name,
                active,
                previous,
                nextBlue,
                nextGreen,
                canary,
                paused,
                revision + 1,
                now,
                "targets changed in the configuration");
    }
}
