package dev.turnout.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The difference between the configuration in force and the configuration in the files.
 *
 * @param next what is in force after a reload: the files, but for keys that need a restart
 * @param keys what differs, in the order of the reference
 */
public record ConfigChange(TurnoutConfig next, List<KeyChange> keys) {

    public ConfigChange {
        keys = List.copyOf(keys);
    }

    /**
     * Compares two configurations.
     *
     * @param running the configuration in force
     * @param file the configuration in the files, which is sound
     * @param next the files, but for keys that need a restart
     */
    static ConfigChange between(TurnoutConfig running, TurnoutConfig file, TurnoutConfig next) {
        List<KeyChange> keys = keys(running, file)
                .filter(key -> !running.texts().text(key).equals(file.texts().text(key)))
                .filter(key -> !running.values().find(key).equals(file.values().find(key)))
                .map(key -> KeyChange.of(key, running.texts(), file.texts()))
                .toList();
        return new ConfigChange(next, keys);
    }

    private static Stream<Key<?>> keys(TurnoutConfig running, TurnoutConfig file) {
        Map<String, Key<?>> keys = new LinkedHashMap<>();
        Keys.ofProgram().forEach(key -> keys.put(key.name(), key));
        Stream.of(running, file).flatMap(ConfigChange::named).forEach(key -> keys.putIfAbsent(key.name(), key));
        return keys.values().stream();
    }

    /** Returns the keys of all that has a name. */
    private static Stream<Key<?>> named(TurnoutConfig config) {
        return Stream.concat(
                config.services().stream().flatMap(service -> service.all().stream()), config.besideServices());
    }

    /** Returns true if the files say what is in force. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Returns what keeps its value until a restart. */
    public List<KeyChange> pending() {
        return keys.stream().filter(KeyChange::needsRestart).toList();
    }
}
