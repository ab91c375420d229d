package dev.turnout.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * The keys of one receiver of notifications.
 *
 * @param receiver the name
 * @param prefix what the keys begin with
 */
record ReceiverKeys(String receiver, String prefix) {

    private static final KeyFamily FAMILY = new KeyFamily(NotifyConfig.RECEIVERS);
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");

    static ReceiverKeys ofDefault() {
        return new ReceiverKeys(NotifyConfig.DEFAULT, NotifyConfig.TOP);
    }

    /** Returns these and the default, which is the first. */
    static List<ReceiverKeys> andDefault(List<ReceiverKeys> named) {
        List<ReceiverKeys> all = new ArrayList<>(List.of(ofDefault()));
        all.addAll(named);
        return all;
    }

    /**
     * Returns the keys of every receiver with a name of its own, by name. Rejects illegal names.
     *
     * @param names each name of a key with its place
     */
    static List<ReceiverKeys> find(
            SortedMap<String, String> names, Collection<String> variables, Collection<String> errors) {
        List<ReceiverKeys> found = new ArrayList<>();
        FAMILY.find(names, variables, (name, where) -> illegal(name, where, errors))
                .forEach((name, prefix) -> found.add(new ReceiverKeys(name, prefix)));
        return found;
    }

    private static void illegal(String name, String where, Collection<String> errors) {
        if (!LEGAL.matcher(name).matches() || name.equals(NotifyConfig.DEFAULT)) {
            errors.add(where + ": '" + name + "' is not the name of a receiver; allowed are lower-case letters, digits,"
                    + " and '_' and '-' between them. The keys of receiver 'default' begin with turnout.notify.");
        }
    }

    boolean isDefault() {
        return prefix.equals(NotifyConfig.TOP);
    }

    /** Returns what stands for a key of the table in this receiver. */
    <T> Key<T> own(Key<T> key) {
        return isDefault() ? key : key.in(prefix);
    }

    /** Returns every key of this receiver. */
    List<Key<?>> all() {
        return NotifyConfig.KEYS.stream().<Key<?>>map(this::own).toList();
    }
}
