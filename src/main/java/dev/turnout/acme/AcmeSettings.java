package dev.turnout.acme;

import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeConfig;
import dev.turnout.config.AcmeDirectory;
import dev.turnout.config.CommandWords;
import dev.turnout.routing.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What certificates are ordered by.
 *
 * @param directory the authority
 * @param staging where an order can be tried without a limit that hurts
 * @param fallback the authority that is asked if the first one fails for long
 * @param challenge how names are proved
 * @param checksItself whether Turnout looks at its own answers before the authority is asked
 * @param root the folder of all files
 * @param isShared whether other machines use the folder too
 * @param ca what the account at the authority is made with
 * @param dns how TXT records are changed and looked up
 */
record AcmeSettings(
        AcmeDirectory directory,
        Optional<AcmeDirectory> staging,
        Optional<AcmeDirectory> fallback,
        AcmeChallenge challenge,
        boolean checksItself,
        Path root,
        boolean isShared,
        CaSettings ca,
        Dns dns) {

    /**
     * What dns-01 is answered by.
     *
     * @param hook the program that changes TXT records
     * @param server the name server that is asked for them; empty for the system's
     * @param patience how long a record is waited for
     */
    record Dns(Optional<CommandWords> hook, Optional<HostPort> server, Duration patience) {}

    /** Returns the settings; empty if no certificates are ordered. */
    static Optional<AcmeSettings> of(AcmeConfig config, Path state) {
        return config.directory()
                .map(directory -> new AcmeSettings(
                        directory,
                        directory.staging(),
                        config.fallback(),
                        config.challenge(),
                        config.selfCheck(),
                        config.root(state),
                        config.shared().isPresent(),
                        CaSettings.of(config),
                        new Dns(config.dnsHook(), config.dnsServer(), config.dnsWait())));
    }
}
