package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A whole configuration as text, before anything is checked.
 *
 * @param values returns the value in force for the name of a key, if there is a value
 * @param names the names under {@code turnout.} in files and system properties, each with its place
 * @param variables the names of the environment variables that begin with {@code TURNOUT_}
 */
record ConfigTexts(
        Function<String, Optional<Given>> values, SortedMap<String, String> names, SortedSet<String> variables) {

    /** Returns a configuration without a value. */
    static ConfigTexts none() {
        return new ConfigTexts(name -> Optional.empty(), new TreeMap<>(), new TreeSet<>());
    }

    /** Returns this configuration with the running values of the keys that need a restart. */
    ConfigTexts untilRestart(ConfigTexts running) {
        Map<String, Optional<Given>> held =
                Keys.needingRestart().stream().collect(Collectors.toMap(Function.identity(), running.values));
        return new ConfigTexts(LayeredValues.over(this).holding(held), names, variables);
    }

    /**
     * Returns this configuration with other keys of one service.
     *
     * @param prefix what the names of its keys begin with
     * @param own the whole names of its keys, with their values; none for no such service
     * @param place of the keys
     */
    ConfigTexts withService(String prefix, Map<String, String> own, String place) {
        SortedMap<String, String> next = new TreeMap<>(names);
        next.keySet().removeIf(name -> name.startsWith(prefix));
        own.keySet().forEach(name -> next.put(name, place));
        Map<String, Given> given = own.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, key -> new Given(key.getValue(), place)));
        return new ConfigTexts(LayeredValues.over(this).withService(prefix, given), next, variables);
    }

    /** Returns the text of a key's value, or its default. */
    Optional<String> text(Key<?> key) {
        return values.apply(key.name()).map(given -> given.value().strip()).or(key::defaultValue);
    }
}
