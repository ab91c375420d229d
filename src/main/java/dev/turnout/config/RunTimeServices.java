package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The services that were given at run time: their keys, as they would stand in a configuration file. They are kept in the
 * state folder, and read as the file of lowest rank.
 *
 * @param keys the whole name of each key, with its value
 */
public record RunTimeServices(Map<String, String> keys) {

    /** The name of the file. */
    public static final String FILE = "services.properties";

    /** Ends the place of a key, for operators: they do not write this file. */
    private static final String WRITER = ", written by turnout services";

    /** Below every file of an operator. */
    private static final int ORDINAL = 251;

    public RunTimeServices {
        keys = Map.copyOf(keys);
    }

    /** Returns the file of a state folder. */
    public static Path file(Path directory) {
        return directory.toAbsolutePath().normalize().resolve(FILE);
    }

    /** Returns the place of the keys in a state folder, in the operator's words. */
    static String place(Path directory) {
        return file(directory) + WRITER;
    }

    /** Returns true if a key with this place was given at run time. */
    static boolean isPlace(String place) {
        return place.endsWith(WRITER);
    }

    /** Returns the services that a configuration has from a file of the state folder. */
    public static RunTimeServices of(TurnoutConfig config) {
        ConfigTexts texts = config.texts();
        return new RunTimeServices(texts.names().entrySet().stream()
                .filter(name -> isPlace(name.getValue()))
                .flatMap(name -> texts.values().apply(name.getKey()).stream()
                        .map(given -> Map.entry(name.getKey(), given.value())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /**
     * Returns true if the file of a state folder was written since a moment of the past. A file from the future says nothing.
     *
     * @throws IOException if that can't be said
     */
    public static boolean areWrittenSince(Instant moment, Path directory) throws IOException {
        Path file = file(directory);
        if (Files.notExists(file)) {
            return false;
        }
        Instant written = Files.getLastModifiedTime(file).toInstant();
        return written.isAfter(moment) && !written.isAfter(Instant.now());
    }

    /** Returns true if a service of a configuration was given at run time: no key of it stands anywhere else. */
    public static boolean areAllOf(TurnoutConfig config, String service) {
        List<Given> given = config.service(service).stream()
                .flatMap(keys -> keys(config, keys))
                .flatMap(key -> config.texts().values().apply(key.name()).stream())
                .toList();
        return !given.isEmpty() && given.stream().allMatch(value -> isPlace(value.source()));
    }

    private static Stream<Key<?>> keys(TurnoutConfig config, ServiceKeys service) {
        return Stream.concat(
                service.all().stream(),
                config.rules().stream()
                        .filter(rule -> rule.owner().equals(service.prefix()))
                        .flatMap(rule -> rule.all().stream()));
    }

    /** Returns what the keys of a service begin with. */
    static String prefix(String service) {
        return Key.SERVICES + '"' + service + "\".";
    }

    /** Returns the state folder that a configuration names, if it names one. The configuration need not be sound. */
    static Optional<Path> directory(SmallRyeConfig files) {
        return new GivenKeys(files)
                .find(StateConfig.DIRECTORY.name())
                .map(given -> Path.of(given.value().strip()));
    }

    /**
     * Returns the file of a state folder if it is there and this process may not read it, else none. The server does not go
     * on then: with the next change it would write the file anew, without the services in it.
     */
    static List<Path> unreadable(Path directory) {
        Path file = file(directory);
        boolean isThere = Files.isDirectory(directory) && !Files.notExists(file);
        return isThere && !Files.isReadable(file) ? List.of(file) : List.of();
    }

    /** Returns the file of a state folder, if it is there and can be read. A command of another user may not read it. */
    static Optional<ConfigSource> source(Path directory) {
        Path file = file(directory);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (Reader text = Files.newBufferedReader(file)) {
            Properties read = new Properties();
            read.load(text);
            Map<String, String> keys = new TreeMap<>();
            read.stringPropertyNames().forEach(name -> keys.put(name, read.getProperty(name)));
            return Optional.of(new PropertiesConfigSource(keys, place(directory), ORDINAL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns these in the form of a file of properties, in a steady order. */
    public String text() {
        StringBuilder text = new StringBuilder("# Services that were given at run time. Turnout writes this file.\n");
        new TreeMap<>(keys).forEach((name, value) -> text.append(escaped(name))
                .append('=')
                .append(escaped(literal(value)))
                .append('\n'));
        return text.toString();
    }

    /** A value is what was given: at the next start it must not be read as an expression, such as <code>${HOME}</code>. */
    private static String literal(String value) {
        return value.replace("$", "\\$");
    }

    private static String escaped(String part) {
        return part.replace("\\", "\\\\")
                .replace("=", "\\=")
                .replace(":", "\\:")
                .replace(" ", "\\ ")
                .replace("\n", "\\n");
    }
}
