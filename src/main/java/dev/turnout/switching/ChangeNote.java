package dev.turnout.switching;

import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.VisibleText;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the caller says about a change. The texts are kept as {@link VisibleText}.
 *
 * @param caller in words for the journal: the address and the program
 * @param by the person who asks; empty if the caller does not say
 * @param version of the build that gets traffic by the change; empty if the caller does not say
 * @param note a few words for the journal
 * @param key what the caller calls the change, so that a fleet makes it once; empty if the caller does not say
 * @param without members of the fleet that the caller says serve nothing, since their machines are dead
 */
public record ChangeNote(
        String caller,
        Optional<String> by,
        Optional<String> version,
        Optional<String> note,
        Optional<String> key,
        SortedSet<String> without) {

    /** The length of a person's name. Characters. */
    public static final int BY_CHARACTERS = 100;

    public ChangeNote {
        caller = VisibleText.of(caller, VisibleText.SHORT);
        by = by.map(text -> VisibleText.of(text, BY_CHARACTERS));
        version = version.map(text -> VisibleText.of(text, SlotRelease.VERSION_CHARACTERS));
        note = note.map(text -> VisibleText.of(text, SlotRelease.NOTE_CHARACTERS));
        without = Collections.unmodifiableSortedSet(new TreeSet<>(without));
    }

    /** Returns the note of a caller that says nothing more. */
    public static ChangeNote of(String caller) {
        return new ChangeNote(
                caller, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), new TreeSet<>());
    }

    /** Returns the person and the caller, as far as they are known. */
    public String asker() {
        return by.map(person -> person + ", " + caller).orElse(caller);
    }
}
