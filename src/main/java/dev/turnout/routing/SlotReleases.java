package dev.turnout.routing;

import java.util.Optional;

/**
 * The releases of both slots of a service.
 *
 * @param blue empty if nothing is known of the build in slot blue
 * @param green empty if nothing is known of the build in slot green
 */
public record SlotReleases(Optional<SlotRelease> blue, Optional<SlotRelease> green) {

    /** The releases of a service that nobody has deployed through Turnout. */
    public static final SlotReleases NONE = new SlotReleases(Optional.empty(), Optional.empty());

    /** Returns the release of a slot. */
    public Optional<SlotRelease> of(Slot slot) {
        return slot == Slot.BLUE ? blue : green;
    }

    /** Returns the version of a slot; empty if the version is not known. */
    public Optional<String> version(Slot slot) {
        return of(slot).flatMap(SlotRelease::version);
    }

    /** Returns these releases with another release in one slot. */
    SlotReleases with(Slot slot, SlotRelease release) {
        return slot == Slot.BLUE
                ? new SlotReleases(Optional.of(release), green)
                : new SlotReleases(blue, Optional.of(release));
    }

    /** Returns these releases with nothing known of the build in one slot. */
    SlotReleases without(Slot slot) {
        return slot == Slot.BLUE ? new SlotReleases(Optional.empty(), green) : new SlotReleases(blue, Optional.empty());
    }

    /** Returns the version that both slots have; empty if they differ, or a version is not known. */
    public Optional<String> common() {
        return version(Slot.BLUE).filter(version -> version(Slot.GREEN).equals(Optional.of(version)));
    }
}
