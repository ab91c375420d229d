package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keys under {@code turnout.tls}: the port for HTTPS, and the certificates that handshakes are answered with. */
public final class TlsConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Integer> PORT = KEYS.add(Key.of("tls.port", ValueType.whole(0, 65535))
            .atReload()
            .english("The port for HTTPS, at the address of `turnout.listen.host`. Without a value it is 443 if a "
                    + "certificate, a folder of certificates or ACME is configured, and no port is opened "
                    + "otherwise. With 0 the system chooses a port. A reload opens, changes or closes the port; "
                    + "connections that are open go on. A socket that systemd has opened stays as it is."));

    static final Key<Path> DIRECTORY = KEYS.add(Key.of("tls.directory", ValueType.path())
            .atReload()
            .english("A folder of certificates: `X.pem` with certificate and key, `X.crt` with `X.key`, or "
                    + "`X/fullchain.pem` with `X/privkey.pem` as in certbot's folder `live`. The names come "
                    + "from the certificates. Changed files are noticed within 10 s."));

    static final Key<Engine> ENGINE = KEYS.add(Key.of("tls.engine", ValueType.word(Engine.values()))
            .byDefault("auto")
            .english("What encrypts: `boringssl`, `jdk` for the engine of the Java virtual machine, or `auto`, which "
                    + "is BoringSSL where its library loads."));

    static final Key<Boolean> STRICT_SNI = KEYS.add(Key.of("tls.strict-sni", ValueType.flag())
            .byDefault("false")
            .ofConnections()
            .atReload()
            .english("Whether a handshake is refused if no certificate is for the name that the client asks for. "
                    + "Otherwise the default certificate is sent: that of the name `default`, else the first."));

    static final Key<ClientAuth> CLIENT_AUTH = KEYS.add(Key.of("tls.client-auth", ValueType.word(ClientAuth.values()))
            .byDefault("none")
            .ofConnections()
            .atReload()
            .english("Whether clients are asked for a certificate: `none`, `request`, or `require`. A certificate "
                    + "that is not from `turnout.tls.client-ca` is refused."));

    static final Key<Path> CLIENT_CA = KEYS.add(Key.of("tls.client-ca", ValueType.path())
            .ofConnections()
            .atReload()
            .english("The PEM file of the authorities whose client certificates are believed. No other authority is."));

    static final Key<Path> TICKETS_DIRECTORY = KEYS.add(
            Key.of("tls.tickets-directory", ValueType.path())
                    .english(
                            "The folder of the keys of session tickets, which several Turnouts may share. Without a "
                                    + "value it is `tls` in `turnout.acme.shared`, else in the state folder. Only BoringSSL uses the keys."));

    private final Values values;
    private final List<CertificateKeys> certificates;

    /** @param certificates the keys of every name under {@code turnout.tls.certificates} */
    TlsConfig(Values values, List<CertificateKeys> certificates) {
        this.values = values;
        this.certificates = List.copyOf(certificates);
    }

    /** Returns the port for HTTPS; empty if there is none. */
    public Optional<Integer> port() {
        Optional<Integer> given = values.find(PORT);
        return given.isEmpty() && hasSource() ? Optional.of(443) : given;
    }

    /** Returns true if a certificate, a folder or ACME is configured. */
    boolean hasSource() {
        return directory().isPresent()
                || AcmeConfig.isOn(values)
                || certificates().stream()
                        .anyMatch(certificate -> certificate.cert().isPresent());
    }

    public Optional<Path> directory() {
        return values.find(DIRECTORY);
    }

    public Engine engine() {
        return values.get(ENGINE);
    }

    public boolean strictSni() {
        return values.get(STRICT_SNI);
    }

    public ClientAuth clientAuth() {
        return values.get(CLIENT_AUTH);
    }

    public Optional<Path> clientCa() {
        return values.find(CLIENT_CA);
    }

    public Optional<Path> ticketsDirectory() {
        return values.find(TICKETS_DIRECTORY);
    }

    /** Returns the values of each name under {@code turnout.tls.certificates}, by name. */
    public List<CertificateConfig> certificates() {
        return certificates.stream()
                .map(keys -> new CertificateConfig(values, keys))
                .toList();
    }

    /** What encrypts. */
    public enum Engine {
        AUTO,
        BORINGSSL,
        JDK
    }

    /** Whether clients are asked for a certificate. */
    public enum ClientAuth {
        NONE,
        REQUEST,
        REQUIRE
    }
}
