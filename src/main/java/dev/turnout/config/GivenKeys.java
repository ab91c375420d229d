package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import io.smallrye.common.expression.Expression;
import io.smallrye.common.expression.Expression.Flag;
import io.smallrye.common.expression.ResolveContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The names and values that the sources of a configuration give, each with its place in the operator's words.
 *
 * <p>An empty value counts as not given, as if its line or its variable did not exist: a key then has the value of a source
 * of lower rank, or its default. Files of compose and of systemd pass variables that nobody has set as empty ones.
 */
final class GivenKeys {

    private static final String VARIABLE = "TURNOUT_";

    /** As the reader of the configuration has it. */
    private static final EnumSet<Flag> SYNTAX =
            EnumSet.of(Flag.LENIENT_SYNTAX, Flag.NO_TRIM, Flag.NO_SMART_BRACES, Flag.DOUBLE_COLON);

    private final SmallRyeConfig config;
    private final SmallRyeConfig withoutEmpty;
    private final SortedMap<String, String> names = new TreeMap<>();
    private final SortedSet<String> variables = new TreeSet<>();
    private final SortedSet<String> unreadable = new TreeSet<>();

    GivenKeys(SmallRyeConfig config) {
        this.config = config;
        this.withoutEmpty = withoutEmpty();
        withoutEmpty.getConfigSources().forEach(this::collect);
    }

    private SmallRyeConfig withoutEmpty() {
        // The last profile wins, and a configuration has the profile that wins first.
        List<String> profiles = new ArrayList<>(config.getProfiles());
        Collections.reverse(profiles);
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder().withProfiles(profiles).addDefaultInterceptors();
        config.getConfigSources().forEach(source -> builder.withSources(withoutEmpty(source)));
        return builder.build();
    }

    private ConfigSource withoutEmpty(ConfigSource source) {
        Map<String, String> given = new HashMap<>(source.getProperties());
        given.entrySet().removeIf(entry -> isOwn(entry.getKey()) && isEmpty(entry.getValue()));
        return source instanceof EnvConfigSource
                ? new EnvConfigSource(given, source.getOrdinal())
                : new Remaining(source.getName(), given, source.getOrdinal());
    }

    /** What a source gives beside empty values. */
    private static final class Remaining extends MapBackedConfigSource {

        @Serial
        private static final long serialVersionUID = 1;

        Remaining(String name, Map<String, String> values, int ordinal) {
            super(name, values, ordinal);
        }
    }

    private static boolean isOwn(String name) {
        return name.startsWith(VARIABLE) || withoutProfile(name).startsWith(Key.TOP);
    }

    /** Returns true if a value, or all that its expressions stand for, is nothing but blanks. */
    private boolean isEmpty(String raw) {
        if (!raw.contains("${")) {
            return raw.isBlank();
        }
        try {
            return Expression.compile(raw, SYNTAX).evaluate(this::resolve).isBlank();
        } catch (IllegalArgumentException e) {
            // It refers to itself. Who asks for this key is told so, and nobody else.
            return false;
        }
    }

    private void resolve(ResolveContext<RuntimeException> expression, StringBuilder text) {
        String value = config.getConfigValue(expression.getKey()).getValue();
        if (value != null) {
            text.append(value);
        } else if (expression.hasDefault()) {
            expression.expandDefault(text);
        } else {
            text.append(expression.getKey());
        }
    }

    private void collect(ConfigSource source) {
        if (source instanceof EnvConfigSource) {
            source.getPropertyNames().stream()
                    .filter(name -> name.startsWith(VARIABLE))
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
        ConfigValue found = withoutEmpty.getConfigValue(key);
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
