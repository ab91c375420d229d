package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a process of this machine reaches the Turnout that runs with the same configuration. Only the keys of the admin
 * server are read, so that an error in another key does not keep an operator from a Turnout that runs.
 *
 * @param token that calls have to send, if there is one
 * @param unreadable the configuration files that this process may not read
 */
public record AdminAccess(AdminAddress address, Optional<String> token, List<Path> unreadable) {

    public AdminAccess {
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads the configuration of this process.
     *
     * @throws IllegalArgumentException with a sentence for the operator, if a value of the admin server is wrong
     */
    public static AdminAccess configured() {
        FurtherFiles files = FurtherFiles.ofService(System.getenv());
        return of(StartCheck.read(files.sources()), files.unreadable());
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
}
