package dev.turnout.config;

import java.nio.file.Path;

/** Keys under {@code turnout.state}: where the routing state and the journal are kept. */
public final class StateConfig {

    /** The folder in the state folder for what belongs to TLS. */
    public static final String TLS_FOLDER = "tls";

    /** The file in the state folder with the secret of sticky cookies. */
    public static final String STICKY_SECRET = "sticky.secret";

    /** The file in the state folder with what a member of a fleet knows of itself. */
    public static final String FLEET_RECORDS = "fleet.json";

    /** The file in the state folder with the containers that have become targets. */
    public static final String SEEN_CONTAINERS = "containers";

    /** The state folder that the unit of systemd gives its process by an environment variable. */
    static final Path OF_UNIT = Path.of("/var/lib/turnout");

    static final KeyTable KEYS = new KeyTable();

    static final Key<Path> DIRECTORY = KEYS.add(Key.of("state.directory", ValueType.path())
            .byDefault("turnout-state")
            .english("The folder of the routing state and the journal. A missing folder is created."));

    private final Values values;

    StateConfig(Values values) {
        this.values = values;
    }

    public Path directory() {
        return values.get(DIRECTORY);
    }

    /**
     * Returns the file with the certificate that the admin port serves now, for commands on this machine.
     *
     * @param directory the state folder
     */
    public static Path adminCertificate(Path directory) {
        return directory.resolve(TLS_FOLDER).resolve("admin.pem");
    }
}
