package dev.turnout.config;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The configuration files in further places: those that the environment or a system property names, and for a command of
 * an operator that of the Debian package, which the unit of systemd names. They win over the files that are found without
 * being named, and environment variables and system properties win over them. Of two files the first wins.
 *
 * @param sources the files that could be read
 * @param unreadable the files that this process may not read
 * @param state the state folder of the process that reads these files, where they name none
 */
record FurtherFiles(List<PropertiesConfigSource> sources, List<Path> unreadable, Path state) {

    static final String PROPERTY = "quarkus.config.locations";

    private static final String LOCATIONS = "QUARKUS_CONFIG_LOCATIONS";

    /** Above the files of the working directory, of which the highest has 260, and below the environment, 300. */
    private static final int ORDINAL = 270;

    private static final Path PACKAGED_PROGRAM = Path.of("/usr/lib/turnout");
    private static final Path PACKAGED_FILE = Path.of("/etc/turnout/application.properties");

    FurtherFiles {
        sources = List.copyOf(sources);
        unreadable = List.copyOf(unreadable);
    }

    /** Reads the files that this process has been told of. */
    static FurtherFiles named(Map<String, String> environment) {
        return read(places(locations(environment)), stateByDefault());
    }

    /** Reads the files that the service on this machine reads. */
    static FurtherFiles ofService(Map<String, String> environment) {
        String locations = locations(environment);
        List<Path> packaged = locations.isBlank() ? packaged() : List.of();
        return packaged.isEmpty() ? read(places(locations), stateByDefault()) : read(packaged, StateConfig.OF_UNIT);
    }

    private static String locations(Map<String, String> environment) {
        String byDefault = environment.getOrDefault(LOCATIONS, "");
        return System.getProperty(PROPERTY, byDefault);
    }

    private static Path stateByDefault() {
        return Path.of(StateConfig.DIRECTORY.defaultValue().orElse("."));
    }

    private static FurtherFiles read(List<Path> files, Path state) {
        List<PropertiesConfigSource> sources = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path file : files) {
            try {
                sources.add(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
            } catch (IOException e) {
                unreadable.add(file);
            }
        }
        return new FurtherFiles(sources, unreadable, state);
    }

    /** Returns an error for each file that could not be read. */
    static List<String> errors(List<Path> unreadable) {
        return unreadable.stream()
                .map(file -> "The configuration file " + file + " can't be read by this user.")
                .toList();
    }

    private static List<Path> places(String locations) {
        return Stream.of(locations.split(","))
                .map(location -> location.strip().replaceFirst("^file:/*", "/"))
                .filter(location -> location.endsWith(".properties"))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    private static List<Path> packaged() {
        boolean isPackaged =
                ProgramFolder.folder().filter(PACKAGED_PROGRAM::equals).isPresent();
        return isPackaged && Files.exists(PACKAGED_FILE) ? List.of(PACKAGED_FILE) : List.of();
    }
}
