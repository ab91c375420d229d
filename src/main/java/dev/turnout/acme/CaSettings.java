package dev.turnout.acme;

import dev.turnout.config.AcmeConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an account at a certificate authority is made with.
 *
 * @param email where the authority writes to
 * @param profile what certificates are ordered with
 * @param externalAccount the customer's account at the authority
 * @param caFile the certificates that the authority's own certificate is trusted by; empty for Java's
 */
record CaSettings(
        Optional<String> email,
        Optional<String> profile,
        Optional<ExternalAccount> externalAccount,
        Optional<Path> caFile) {

    /** An account that the authority has given to a customer (RFC 8555, section 7.3.4). */
    record ExternalAccount(String keyIdentifier, Path keyFile) {}

    static CaSettings of(AcmeConfig config) {
        return new CaSettings(
                config.email(),
                config.profile(),
                config.eabKid().flatMap(kid -> config.eabKeyFile().map(file -> new ExternalAccount(kid, file))),
                config.caFile());
    }
}
