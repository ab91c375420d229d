package dev.turnout.routing;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the build that a slot runs. The texts come from outside, so they are kept as {@link VisibleText}.
 *
 * @param version as the deployer named the build; empty if nobody has named it
 * @param by who made the build get traffic
 * @param at when the build first got traffic
 * @param note of the deployer; empty if there is none
 */
public record SlotRelease(Optional<String> version, String by, Instant at, Optional<String> note) {

    /** The length of a version. Characters. */
    public static final int VERSION_CHARACTERS = 100;

    /** The length of a note. Characters. */
    public static final int NOTE_CHARACTERS = 500;

    public SlotRelease {
        version = version.map(text -> VisibleText.of(text, VERSION_CHARACTERS));
        by = VisibleText.of(by, 2 * VisibleText.SHORT);
        Objects.requireNonNull(at, "at");
        note = note.map(text -> VisibleText.of(text, NOTE_CHARACTERS));
    }
}
