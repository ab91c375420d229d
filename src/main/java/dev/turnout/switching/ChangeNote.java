package dev.turnout.switching;

import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.VisibleText;
import java.util.Optional;

/**
 * What the caller says about a change. The texts are kept as {@link VisibleText}.
 *
 * @param caller in words for the journal: the address and the program
 * @param by the person who asks; empty if the caller does not say
 * @param version of the build that gets traffic by the change; empty if the caller does not say
 * @param note a few words for the journal
 */
public record ChangeNote(String caller, Optional<String> by, Optional<String> version, Optional<String> note) {

    /** The length of a person's name. Characters. */
    public static final int BY_CHARACTERS = 100;

    public ChangeNote {
        caller = VisibleText.of(caller, VisibleText.SHORT);
        by = by.map(text -> VisibleText.of(text, BY_CHARACTERS));
        version = version.map(text -> VisibleText.of(text, SlotRelease.VERSION_CHARACTERS));
        note = note.map(text -> VisibleText.of(text, SlotRelease.NOTE_CHARACTERS));
    }

    /** Returns the note of a caller that says nothing more. */
    public static ChangeNote of(String caller) {
        return new ChangeNote(caller, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns the person and the caller, as far as they are known. */
    public String asker() {
        return by.map(person -> person + ", " + caller).orElse(caller);
    }
}
