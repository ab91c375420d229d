package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import dev.turnout.config.TurnoutConfig.Mode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads the configuration of this process from the places that Quarkus reads it from, and checks it before Quarkus
 * does: what Quarkus says of a bad value is right, but neither whole nor kind.
 */
public final class StartCheck {

    private static final String PREFIX = "turnout.";

    private StartCheck() {}

    /** To be called before Quarkus is started, on the thread that starts it. */
    public static ConfigReport run() {
        try {
            SmallRyeConfig config = read();
            ConfigReport verdict = check(config);
            return verdict.isSound() ? verdict.with(capacity(config).warnings(Machine.here())) : verdict;
        } catch (RuntimeException e) {
            return new ConfigReport(List.of("The configuration can't be read: " + e.getMessage()), List.of());
        }
    }

    /** What a sound configuration needs of the machine. */
    static Capacity capacity(SmallRyeConfig config) {
        long adminConnections = value(config, Key.ADMIN_CONNECTIONS);
        if (value(config, Key.MODE) == Mode.NGINX) {
            return new Capacity(0, 0, adminConnections, 0);
        }
        return new Capacity(
                value(config, Key.LIMITS_CONNECTIONS),
                value(config, Key.LIMITS_REQUESTS),
                adminConnections,
                value(config, Key.PAUSE_BYTES).asLongValue());
    }

    private static <T> T value(SmallRyeConfig config, Key<T> key) {
        String text = config.getOptionalValue(key.name(), String.class)
                .or(key::standard)
                .orElseThrow();
        return key.kind().reader().apply(text.strip());
    }

    /** The configuration of this process, unchecked. */
    static SmallRyeConfig read() {
        SmallRyeConfigBuilder builder = ConfigUtils.emptyConfigBuilder();
        new ProgramFolder().getConfigSources(builder.getClassLoader()).forEach(builder::withSources);
        return builder.build();
    }

    static ConfigReport check(SmallRyeConfig config) {
        Map<String, String> names = new TreeMap<>();
        Set<String> variables = new HashSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource) {
                source.getPropertyNames().stream()
                        .filter(name -> name.startsWith("TURNOUT_"))
                        .forEach(variables::add);
            } else {
                source.getPropertyNames().stream()
                        .map(StartCheck::withoutProfile)
                        .filter(name -> name.startsWith(PREFIX))
                        .forEach(name -> names.putIfAbsent(name, place(name, source.getName())));
            }
        }
        Set<String> unreadable = new TreeSet<>();
        ConfigReport verdict = ConfigCheck.run(key -> given(config, key, unreadable), names, variables);
        List<String> errors = new ArrayList<>(unreadable);
        errors.addAll(verdict.errors());
        return new ConfigReport(errors, verdict.warnings());
    }

    /** An expression such as {@code ${HOME}} that leads nowhere has a raw value and no value. */
    private static Optional<Given> given(SmallRyeConfig config, String key, Set<String> unreadable) {
        ConfigValue found = config.getConfigValue(key);
        String place = place(key, found.getConfigSourceName());
        if (found.getValue() == null && found.getRawValue() != null) {
            unreadable.add(
                    key + "=" + found.getRawValue() + " (" + place + "): it refers to something that has no value.");
        }
        return Optional.ofNullable(found.getValue()).map(value -> new Given(value, place));
    }

    private static String withoutProfile(String name) {
        return name.startsWith("%") ? name.substring(name.indexOf('.') + 1) : name;
    }

    /** A source's name in the operator's words. */
    private static String place(String key, String source) {
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
