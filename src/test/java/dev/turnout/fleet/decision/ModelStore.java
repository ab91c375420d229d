package dev.turnout.fleet.decision;

import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A linearizable store as a function of contents. Revisions are counted for each key, so that stores which differ only in the
 * order of unrelated writes are the same: no condition compares revisions of two keys.
 */
final class ModelStore {

    /** Keys that come again after they were deleted: at later revisions. */
    private static final List<String> COMES_AGAIN = List.of("configured/", "started/", FleetKey.STATES);

    private static final String GONE = "gone/";

    private ModelStore() {}

    private static FleetKey gone(FleetKey key) {
        return new FleetKey(GONE + key.path());
    }

    /** Returns true if a key is none of a real store. */
    static boolean isOfModel(String path) {
        return path.startsWith(GONE);
    }

    /** Returns the contents after an update; null if a condition does not hold. */
    static @Nullable StoreContents apply(StoreContents before, StoreUpdate update) {
        for (Condition condition : update.when()) {
            if (!holds(before, condition)) {
                return null;
            }
        }
        SortedMap<FleetKey, Entry> entries = new TreeMap<>(before.entries());
        update.then().forEach(edit -> edit(entries, edit));
        return new StoreContents(before.life(), entries);
    }

    private static boolean holds(StoreContents contents, Condition condition) {
        Entry entry = contents.entry(condition.key());
        if (condition instanceof Condition.Written written) {
            return (entry == null ? 0 : entry.written()) == written.revision();
        }
        if (condition instanceof Condition.Created created) {
            return (entry == null ? 0 : entry.created()) == created.revision();
        }
        return entry != null;
    }

    private static void edit(SortedMap<FleetKey, Entry> entries, Edit edit) {
        if (edit instanceof Edit.Put put) {
            put(entries, put.key(), put.value());
        } else if (edit instanceof Edit.PutLeased put) {
            put(entries, put.key(), put.value());
        } else if (edit instanceof Edit.Delete delete) {
            Entry before = entries.remove(delete.key());
            if (before != null && COMES_AGAIN.stream().anyMatch(delete.key()::isUnder)) {
                entries.put(gone(delete.key()), before);
            }
        } else {
            String prefix = ((Edit.DeleteUnder) edit).prefix();
            entries.keySet().removeIf(key -> key.isUnder(prefix));
        }
    }

    static void put(SortedMap<FleetKey, Entry> entries, FleetKey key, FleetValue value) {
        Entry before = entries.get(key);
        Entry gone = entries.remove(gone(key));
        long first =
                value instanceof Intent intent ? 10 * number(intent.change()) : gone == null ? 1 : gone.written() + 1;
        entries.put(
                key,
                before == null
                        ? new Entry(value, first, first)
                        : new Entry(value, before.created(), before.written() + 1));
    }

    /** Returns the number in the id of a change. */
    static int number(String change) {
        return Integer.parseInt(change.substring(1));
    }

    /** Returns contents with another value behind a key, whatever was there. */
    static StoreContents with(StoreContents before, FleetKey key, FleetValue value) {
        SortedMap<FleetKey, Entry> entries = new TreeMap<>(before.entries());
        put(entries, key, value);
        return new StoreContents(before.life(), entries);
    }
}
