package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** The names and values that the sources of a configuration give, each with its place in the operator's words. */
final class GivenKeys {

    private final SmallRyeConfig config;
    private final SortedMap<String, String> names = new TreeMap<>();
    private final SortedSet<String> variables = new TreeSet<>();
    private final SortedSet<String> unreadable = new TreeSet<>();

    GivenKeys(SmallRyeConfig config) {
        this.config = config;
        config.getConfigSources().forEach(this::collect);
    }

    private void collect(ConfigSource source) {
        if (source instanceof EnvConfigSource) {
            source.getPropertyNames().stream()
                    .filter(name -> name.startsWith("TURNOUT_"))
                    .forEach(variables::add);
        } else {
            source.getPropertyNames().stream()
                    .map(GivenKeys::withoutProfile)
                    .filter(name -> name.startsWith(Key.TOP))
                    .forEach(name -> names.putIfAbsent(name, place(name, source.getName())));
        }
    }

    private static String withoutProfile(String name) {
        return name.startsWith("%") ? name.substring(name.indexOf('.') + 1) : name;
    }

    /** Returns the names under {@code turnout.} in files and system properties, and the place of each. */
    SortedMap<String, String> names() {
        return names;
    }

    /** Returns the names of the environment variables that begin with {@code TURNOUT_}. */
    SortedSet<String> variables() {
        return variables;
    }

    /** Returns all of it as one value. */
    ConfigTexts texts() {
        return new ConfigTexts(this::find, names, variables);
    }

    /** Returns an error for each value that was asked for and refers to something without a value. */
    SortedSet<String> unreadable() {
        return unreadable;
    }

    /**
     * Returns the value in force for a key, if there is a value. An expression such as <code>${HOME}</code> that leads
     * nowhere has a raw value and no value.
     */
    Optional<Given> find(String key) {
        ConfigValue found = config.getConfigValue(key);
        String place = place(key, found.getConfigSourceName());
        if (found.getValue() == null && found.getRawValue() != null) {
            unreadable.add(
                    key + "=" + found.getRawValue() + " (" + place + "): it refers to something that has no value.");
        }
        return Optional.ofNullable(found.getValue()).map(value -> new Given(value, place));
    }

    private static String place(String key, @Nullable String source) {
        if (source == null) {
            return "unknown place";
        }
        if (source.startsWith(EnvConfigSource.NAME)) {
            return "environment variable " + Spelling.variable(key);
        }
        if (source.startsWith("SysPropConfigSource")) {
            return "system property";
        }
        int from = source.indexOf("source=");
        String file = from < 0 ? source : source.substring(from + "source=".length(), source.lastIndexOf(']'));
        return file.startsWith("file:") ? file.replaceFirst("^file:/*", "/") : file;
    }
}
