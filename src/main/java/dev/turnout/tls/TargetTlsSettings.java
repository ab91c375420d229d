package dev.turnout.tls;

import dev.turnout.config.TargetProtocol;
import dev.turnout.config.TargetTlsConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What TLS to the targets of a service is made with.
 *
 * @param authorities the file of the authorities that are believed; empty for those of the Java virtual machine
 * @param name what a target is asked for, and has to prove; empty for the target's own host
 * @param certificate what Turnout shows a target that asks
 * @param isVerified false if any certificate of a target is taken
 * @param protocol what is agreed on with a target
 * @param keys the names of the keys that it is from
 */
public record TargetTlsSettings(
        Optional<Path> authorities,
        Optional<String> name,
        Optional<ClientPair> certificate,
        boolean isVerified,
        TargetProtocol protocol,
        Names keys) {

    /**
     * The names of keys, for messages.
     *
     * @param certPrefix what the names of the keys of Turnout's own certificate begin with
     */
    public record Names(String tls, String authorities, String certPrefix, String verify) {}

    /**
     * The files of the certificate that Turnout shows targets.
     *
     * @param key empty if the key stands in the file of the certificate
     * @param password the file of the key's password
     */
    public record ClientPair(Path cert, Optional<Path> key, Optional<Path> password) {}

    /** Returns the settings where none are configured. */
    static TargetTlsSettings none() {
        return new TargetTlsSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                TargetProtocol.HTTP1,
                new Names("turnout.upstream.tls", "turnout.upstream.tls-ca", "turnout.upstream.tls-", ""));
    }

    /** Returns the settings of a service, for those of its targets that are spoken to over TLS. */
    public static TargetTlsSettings of(TargetTlsConfig config, TargetProtocol protocol) {
        return new TargetTlsSettings(
                config.ca(),
                config.name(),
                config.cert().map(cert -> new ClientPair(cert, config.key(), config.passwordFile())),
                config.verify(),
                protocol,
                new Names(config.tlsKey(), config.caKey(), config.certPrefix(), config.verifyKey()));
    }
}
