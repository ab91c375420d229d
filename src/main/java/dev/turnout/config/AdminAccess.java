package dev.turnout.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a process of this machine reaches the Turnout that runs with the same configuration. Only the keys of the admin
 * server are read, so that an error in another key does not keep an operator from a Turnout that runs.
 *
 * @param token that calls have to send, if there is one
 * @param unreadable the configuration files that this process may not read
 */
public record AdminAccess(AdminAddress address, Optional<String> token, List<Path> unreadable) {

    private static final String LOCATIONS = "QUARKUS_CONFIG_LOCATIONS";

    /** Below all other files, as Quarkus does it. */
    private static final int ORDINAL = 100;

    private static final Path PACKAGED_PROGRAM = Path.of("/usr/lib/turnout");
    private static final Path PACKAGED_FILE = Path.of("/etc/turnout/application.properties");

    public AdminAccess {
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads the configuration of this process.
     *
     * @throws IllegalArgumentException with a sentence for the operator, if a value of the admin server is wrong
     */
    public static AdminAccess configured() {
        List<Path> unreadable = new ArrayList<>();
        return of(StartCheck.read(sources(unreadable)), unreadable);
    }

    /**
     * Returns the files that only the service of the Debian package reads, or those that the environment names.
     *
     * @param unreadable gets the files that this process may not read
     */
    static List<PropertiesConfigSource> sources(List<Path> unreadable) {
        List<PropertiesConfigSource> files = new ArrayList<>();
        for (Path file : further(System.getenv().getOrDefault(LOCATIONS, ""))) {
            try {
                files.add(new PropertiesConfigSource(file.toUri().toURL(), ORDINAL));
            } catch (IOException e) {
                unreadable.add(file);
            }
        }
        return files;
    }

    private static AdminAccess of(SmallRyeConfig config, List<Path> unreadable) {
        ParsedValues values = new ParsedValues(new GivenKeys(config)::find);
        List.of(AdminConfig.HOST, AdminConfig.PORT, AdminConfig.TOKEN).forEach(values::read);
        if (!values.errors().isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", values.errors()));
        }
        AdminConfig admin = new AdminConfig(values);
        return new AdminAccess(AdminAddress.reaching(admin.host(), admin.port()), admin.token(), unreadable);
    }

    private static List<Path> further(String locations) {
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
