package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The file that says which release each slot has, and which release a slot is about to serve. */
final class SlotNotes {

    /** The number of a version that is not kept as a release. */
    static final int NOT_KEPT = 0;

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private final Path folder;
    private final Path file;

    SlotNotes(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("slots.properties");
    }

    /** Returns the release that a slot got last. */
    Optional<Integer> of(Slot slot) {
        return number(slot.toString());
    }

    /** Returns the release that a slot had before, if the slot has served all the time since. */
    Optional<Integer> replaced(Slot slot) {
        return number(replacedKey(slot));
    }

    /** Returns what a slot is about to serve: a release, or {@link #NOT_KEPT}. Empty if nothing was announced. */
    Optional<Integer> next(Slot slot) {
        return number(nextKey(slot));
    }

    private Optional<Integer> number(String key) {
        return PropertyFile.read(file)
                .map(values -> values.getProperty(key, ""))
                .filter(number -> NUMBER.matcher(number).matches())
                .map(Integer::parseInt);
    }

    private static String replacedKey(Slot slot) {
        return slot + ".replaced";
    }

    private static String nextKey(Slot slot) {
        return slot + ".next";
    }

    /** Notes that a slot is about to serve a release, or {@link #NOT_KEPT}. */
    void announce(Slot slot, int id) throws IOException {
        PrivateFiles.makeFolder(folder);
        PropertyFile.change(file, values -> values.put(nextKey(slot), String.valueOf(id)));
    }

    /** Notes that a slot has what it had before {@link #announce}. */
    void withdraw(Slot slot) throws IOException {
        PropertyFile.change(file, values -> values.remove(nextKey(slot)));
    }

    /**
     * Notes that a slot has got a release, or {@link #NOT_KEPT}.
     *
     * @param hasServed true if the slot has served all the time, first with the release that it had, as in a rolling
     *     deployment
     */
    void serves(Slot slot, int id, boolean hasServed) throws IOException {
        PropertyFile.change(file, values -> {
            String had = values.put(slot.toString(), String.valueOf(id));
            values.remove(nextKey(slot));
            if (!hasServed) {
                values.remove(replacedKey(slot));
                values.remove(replacedKey(slot.other()));
            } else if (had != null && !had.equals(String.valueOf(id))) {
                values.put(replacedKey(slot), had);
            }
        });
    }
}
