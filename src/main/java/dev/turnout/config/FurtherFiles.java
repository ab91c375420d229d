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
 * The configuration files that the service on this machine reads and that a command of an operator would not find by
 * itself: those that the environment names, or that of the Debian package.
 *
 * @param sources the files that could be read
 * @param unreadable the files that this process may not read
 */
record FurtherFiles(List<PropertiesConfigSource> sources, List<Path> unreadable) {

    private static final String LOCATIONS = "QUARKUS_CONFIG_LOCATIONS";

    /** Below all other files, as Quarkus does it. */
    private static final int ORDINAL = 100;

    private static final Path PACKAGED_PROGRAM = Path.of("/usr/lib/turnout");
    private static final Path PACKAGED_FILE = Path.of("/etc/turnout/application.properties");

    FurtherFiles {
        sources = List.copyOf(sources);
        unreadable = List.copyOf(unreadable);
    }

    /** Reads the files. */
    static FurtherFiles read(Map<String, String> environment) {
        List<PropertiesConfigSource> sources = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path file : places(environment.getOrDefault(LOCATIONS, ""))) {
            try {
                sources.add(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
            } catch (IOException e) {
                unreadable.add(file);
            }
        }
        return new FurtherFiles(sources, unreadable);
    }

    private static List<Path> places(String locations) {
        if (!locations.isBlank()) {
            return Stream.of(locations.split(","))
                    .map(location -> location.strip().replaceFirst("^file:/*", "/"))
                    .filter(location -> location.endsWith(".properties"))
                    .map(Path::of)
                    .filter(Files::exists)
                    .toList();
        }
        boolean isPackaged =
                ProgramFolder.folder().filter(PACKAGED_PROGRAM::equals).isPresent();
        return isPackaged && Files.exists(PACKAGED_FILE) ? List.of(PACKAGED_FILE) : List.of();
    }
}
