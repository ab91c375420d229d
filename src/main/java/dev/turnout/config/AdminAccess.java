package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a process of this machine reaches the Turnout that runs with the same configuration. Only the keys of the admin
 * server are read, so that an error in another key does not keep an operator from a Turnout that runs.
 *
 * @param isSecure true if the admin port speaks HTTPS
 * @param token that calls have to send, if there is one
 * @param certificates the files with the certificate of the admin port; one that is missing or unreadable counts for nothing
 * @param leftOut the working directory, if keys of Turnout stand in files there that do not count
 * @param unreadable the configuration files that this process may not read
 */
public record AdminAccess(
        AdminAddress address,
        boolean isSecure,
        Optional<String> token,
        List<Path> certificates,
        Optional<Path> leftOut,
        List<Path> unreadable) {

    public AdminAccess {
        certificates = List.copyOf(certificates);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads the configuration of this process. A file of the working directory does not count if somebody else can have
     * written it. Where somebody else may put files, only those are read that are there and count: another one could come
     * between the look and the read.
     *
     * @throws IllegalArgumentException with a sentence for the operator, if a value of the admin server is wrong
     */
    public static AdminAccess configured() {
        FurtherFiles files = FurtherFiles.ofService(System.getenv());
        WorkingFolder folder = WorkingFolder.here();
        SmallRyeConfigBuilder builder = folder.isShared()
                ? StartCheck.builderElsewhere(files.sources(), folder.counting())
                : StartCheck.builder(files.sources());
        return of(builder.build(), folder, files.unreadable());
    }

    private static AdminAccess of(SmallRyeConfig config, WorkingFolder folder, List<Path> unreadable) {
        ParsedValues values = new ParsedValues(new GivenKeys(config)::find);
        List.of(AdminConfig.HOST, AdminConfig.PORT, AdminConfig.TOKEN, AdminConfig.TLS_CERT, StateConfig.DIRECTORY)
                .forEach(values::read);
        if (!values.errors().isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", values.errors()));
        }
        AdminConfig admin = new AdminConfig(values);
        List<Path> certificates = admin.tlsCert().stream()
                .flatMap(cert -> Stream.concat(served(new StateConfig(values)), Stream.of(cert)))
                .filter(cert -> cert.isAbsolute() || folder.counts(cert))
                .toList();
        return new AdminAccess(
                AdminAddress.reaching(admin.host(), admin.port()),
                admin.isSecure(),
                admin.token(),
                certificates,
                folder.leftOut(),
                unreadable);
    }

    /** Returns where Turnout tells what it serves. The unit of systemd has a state folder where the configuration has none. */
    private static Stream<Path> served(StateConfig state) {
        Path own = StateConfig.adminCertificate(state.directory());
        return own.isAbsolute() ? Stream.of(own) : Stream.of(own, StateConfig.adminCertificate(StateConfig.OF_UNIT));
    }
}
