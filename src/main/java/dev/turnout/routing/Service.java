package dev.turnout.routing;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The routing state of one application: an immutable value. {@link Transition} holds the legal changes from
 * one state to the next.
 *
 * @param name as in the configuration; {@value #DEFAULT} unless several services are configured
 * @param active the slot that serves
 * @param previous the slot that a rollback goes back to; empty if there is none
 * @param blue the targets of slot blue
 * @param green the targets of slot green
 * @param canary the share of the clients that goes to the idle slot; empty if there is none
 * @param paused whether new requests wait
 * @param maintenance what most clients are answered instead of being served; empty if all are served
 * @param revision grows by one with every change
 * @param since when this state was made
 * @param why what made this state, in words for the operator
 * @param releases what is known of the builds in both slots
 */
public record Service(
        String name,
        Slot active,
        Optional<Slot> previous,
        Pool blue,
        Pool green,
        Optional<Canary> canary,
        boolean paused,
        Optional<Maintenance> maintenance,
        long revision,
        Instant since,
        String why,
        SlotReleases releases) {

    /** The name of the service that a call without a name means. */
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
        Objects.requireNonNull(maintenance, "maintenance");
        Objects.requireNonNull(releases, "releases");
        if (paused && canary.isPresent()) {
            throw new IllegalArgumentException("a paused service has no canary");
        }
        if (revision < 1) {
            throw new IllegalArgumentException("a revision is 1 or more, not " + revision);
        }
    }

    /** Returns a service before the first change: blue serves. */
    public static Service initial(String name, Pool blue, Pool green, Instant now) {
        return new Service(
                name,
                Slot.BLUE,
                Optional.empty(),
                blue,
                green,
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                now,
                "first start",
                SlotReleases.NONE);
    }

    /** Returns the same state with another revision: of a fleet whose store was lost. */
    public Service atRevision(long next) {
        return new Service(
                name, active, previous, blue, green, canary, paused, maintenance, next, since, why, releases);
    }

    /** Returns the targets of both slots, each once. */
    public List<Target> allTargets() {
        return Stream.of(Slot.values())
                .flatMap(slot -> pool(slot).targets().stream())
                .distinct()
                .toList();
    }

    /** Returns the slot that does not serve. */
    public Slot idle() {
        return active.other();
    }

    /** Returns the percent of the clients that go to the idle slot, 0 to 100. */
    public int canaryWeight() {
        return canary.map(Canary::weight).orElse(0);
    }

    /** Returns true if a slot gets requests: the active one, and with a canary both. */
    public boolean hasTraffic(Slot slot) {
        return slot == active || canary.isPresent();
    }

    public Pool pool(Slot slot) {
        return slot == Slot.BLUE ? blue : green;
    }

    /** Returns this state with the targets of another state, in rotation and out of rotation. */
    public Service withTargetsOf(Service other) {
        return new Service(
                name,
                active,
                previous,
                other.blue,
                other.green,
                canary,
                paused,
                maintenance,
                revision,
                since,
                why,
                releases);
    }

    /** Returns this state with another release in one slot. */
    public Service withRelease(Slot slot, SlotRelease release) {
        return withReleases(releases.with(slot, release));
    }

    /** Returns this state with nothing known of the build in a slot that has kept no target of the state before. */
    Service withoutReleaseOfNewTargets(Slot slot, Service before) {
        return Collections.disjoint(before.pool(slot).targets(), pool(slot).targets())
                ? withReleases(releases.without(slot))
                : this;
    }

    private Service withReleases(SlotReleases next) {
        return new Service(
                name, active, previous, blue, green, canary, paused, maintenance, revision, since, why, next);
    }

    /** Returns the targets of the idle slot without the targets of the active slot: these still get requests. */
    public List<Target> idleTargets() {
        List<Target> serving = pool(active).targets();
        return pool(idle()).targets().stream()
                .filter(target -> !serving.contains(target))
                .toList();
    }

    /** Returns the slot that has this target; empty if none has. */
    public Optional<Slot> slotOf(Target target) {
        if (blue.targets().contains(target)) {
            return Optional.of(Slot.BLUE);
        }
        return green.targets().contains(target) ? Optional.of(Slot.GREEN) : Optional.empty();
    }

    /**
     * Returns this state with the targets that are configured now; the same value if nothing differs. Which slot is
     * active never comes from the configuration. A list of the run time ends if a target of it is configured for the
     * other slot now. What is known of the build in a slot is forgotten when none of its targets stays.
     */
    public Service reconciledWith(Pool configuredBlue, Pool configuredGreen, Instant now) {
        Pool nextBlue = blue.reconciledWith(configuredBlue.configured());
        Pool nextGreen = green.reconciledWith(configuredGreen.configured());
        if (!Collections.disjoint(nextBlue.targets(), nextGreen.targets())) {
            nextBlue = nextBlue.configuredAs(configuredBlue.configured());
            nextGreen = nextGreen.configuredAs(configuredGreen.configured());
        }
        if (!Collections.disjoint(nextBlue.targets(), nextGreen.targets())) {
            nextBlue = configuredBlue;
            nextGreen = configuredGreen;
        }
        if (nextBlue.equals(blue) && nextGreen.equals(green)) {
            return this;
        }
        Service next = new Service(
                name,
                active,
                previous,
                nextBlue,
                nextGreen,
                canary,
                paused,
                maintenance,
                revision + 1,
                now,
                "targets changed in the configuration",
                releases);
        return next.withoutReleaseOfNewTargets(Slot.BLUE, this).withoutReleaseOfNewTargets(Slot.GREEN, this);
    }
}
