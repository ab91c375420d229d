package dev.turnout.acme;

import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeConfig;
import dev.turnout.config.AcmeDirectory;
import java.nio.file.Path;
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
 */
record AcmeSettings(
        AcmeDirectory directory,
        Optional<AcmeDirectory> staging,
        Optional<AcmeDirectory> fallback,
        AcmeChallenge challenge,
        boolean checksItself,
        Path root) {

    /** Returns the settings; empty if no certificates are ordered. */
    static Optional<AcmeSettings> of(AcmeConfig config, Path state) {
        return config.directory()
                .map(directory -> new AcmeSettings(
                        directory,
                        directory.staging(),
                        config.fallback(),
                        config.challenge(),
                        config.selfCheck(),
                        config.root(state)));
    }
}
