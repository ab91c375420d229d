package dev.turnout.config;

import dev.turnout.config.TlsConfig.ClientAuth;
import dev.turnout.config.TurnoutConfig.Mode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The check of the keys under {@code turnout.tls} against each other. */
final class TlsCheck {

    private final ParsedValues values;
    private final List<CertificateKeys> certificates;
    private final TlsConfig tls;

    TlsCheck(ParsedValues values, List<CertificateKeys> certificates) {
        this.values = values;
        this.certificates = certificates;
        this.tls = new TlsConfig(values, certificates);
    }

    /** Records what is wrong as errors of the values. */
    void run() {
        if (values.find(TlsConfig.PORT).isPresent() && !tls.hasSource()) {
            values.error(
                    TlsConfig.PORT,
                    "there is no certificate for this port; allowed with turnout.tls.directory, a"
                            + " turnout.tls.certificates.\"NAME\".cert or turnout.acme.directory");
        }
        if (values.find(TurnoutConfig.MODE).filter(mode -> mode == Mode.NGINX).isPresent() && tls.hasSource()) {
            values.error(
                    TurnoutConfig.MODE,
                    "HTTPS is nginx's; allowed with turnout.mode=nginx is no certificate under turnout.tls");
        }
        clientAuth(TlsConfig.CLIENT_AUTH, TlsConfig.CLIENT_CA);
        certificates.forEach(this::check);
        sameFile();
    }

    /** Rejects a second name for a file: it is not clear which policy for clients would hold. */
    private void sameFile() {
        Map<Path, Key<Path>> known = new HashMap<>();
        for (CertificateKeys certificate : certificates) {
            Key<Path> cert = certificate.own(CertificateConfig.CERT);
            values.find(cert).ifPresent(file -> {
                Key<Path> other = known.putIfAbsent(file, cert);
                if (other != null) {
                    values.error(cert, other.name() + " is the same file; allowed is one name for a file");
                }
            });
        }
    }

    private void check(CertificateKeys certificate) {
        boolean hasCert = values.isGiven(certificate.own(CertificateConfig.CERT));
        for (Key<Path> key : List.of(CertificateConfig.KEY, CertificateConfig.PASSWORD_FILE)) {
            if (!hasCert && values.isGiven(certificate.own(key))) {
                values.error(
                        certificate.own(key),
                        "there is no certificate with it; allowed with " + certificate.prefix() + "cert");
            }
        }
        clientAuth(certificate.own(CertificateConfig.CLIENT_AUTH), certificate.own(CertificateConfig.CLIENT_CA));
    }

    private void clientAuth(Key<ClientAuth> demand, Key<Path> authorities) {
        boolean isDemanded =
                values.find(demand).filter(value -> value != ClientAuth.NONE).isPresent();
        if (isDemanded
                && values.find(authorities).isEmpty()
                && values.find(TlsConfig.CLIENT_CA).isEmpty()) {
            values.error(demand, "no authority of clients is known; allowed with " + authorities.name());
        }
    }
}
