package dev.turnout.config;

import dev.turnout.config.TlsConfig.ClientAuth;
import java.nio.file.Path;
import java.util.Optional;

/** Keys under {@code turnout.tls.certificates."NAME"}: a certificate in files, or what holds for one host name. */
public final class CertificateConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Path> CERT = KEYS.add(
            Key.of("cert", ValueType.path())
                    .ofCertificates()
                    .english(
                            "The PEM file of a certificate and the certificates of its authorities, in order. The host names "
                                    + "come from the certificate; NAME is any word or host name. Changed files are noticed within 10 s."));

    static final Key<Path> KEY = KEYS.add(Key.of("key", ValueType.path())
            .ofCertificates()
            .english("The PEM file of the private key: PKCS#8, PKCS#1 or SEC1. Without a value the key stands in "
                    + "the file of the certificate."));

    static final Key<Path> PASSWORD_FILE = KEYS.add(Key.of("password-file", ValueType.path())
            .ofCertificates()
            .english("The file whose first line is the password of an encrypted key."));

    static final Key<ClientAuth> CLIENT_AUTH = KEYS.add(Key.of("client-auth", ValueType.word(ClientAuth.values()))
            .ofCertificates()
            .english("The same as `turnout.tls.client-auth`, for this certificate. Without a `cert` NAME is a host "
                    + "name, and the value holds for that host, whichever certificate is for it."));

    static final Key<Path> CLIENT_CA = KEYS.add(Key.of("client-ca", ValueType.path())
            .ofCertificates()
            .english("The same as `turnout.tls.client-ca`, for this certificate or host name."));

    private final Values values;
    private final CertificateKeys keys;

    CertificateConfig(Values values, CertificateKeys keys) {
        this.values = values;
        this.keys = keys;
    }

    public String name() {
        return keys.certificate();
    }

    /** Returns what all keys of this certificate begin with. */
    public String prefix() {
        return keys.prefix();
    }

    public Optional<Path> cert() {
        return values.find(keys.own(CERT));
    }

    public Optional<Path> key() {
        return values.find(keys.own(KEY));
    }

    public Optional<Path> passwordFile() {
        return values.find(keys.own(PASSWORD_FILE));
    }

    public Optional<ClientAuth> clientAuth() {
        return values.find(keys.own(CLIENT_AUTH));
    }

    public Optional<Path> clientCa() {
        return values.find(keys.own(CLIENT_CA));
    }
}
