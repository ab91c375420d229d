package dev.turnout.config;

import dev.turnout.config.TlsConfig.ClientAuth;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The check of the keys under {@code turnout.tls} against each other. */
final class TlsCheck {

    private final ParsedValues values;
    private final List<ServiceKeys> services;
    private final List<CertificateKeys> certificates;
    private final TlsConfig tls;

    /** @param services all services */
    TlsCheck(ParsedValues values, List<ServiceKeys> services, List<CertificateKeys> certificates) {
        this.values = values;
        this.services = services;
        this.certificates = certificates;
        this.tls = new TlsConfig(values, certificates);
    }

    /** Records what is wrong as errors of the values. */
    void run(List<String> warnings) {
        if (values.find(TlsConfig.PORT).isPresent() && !tls.hasSource()) {
            values.error(
                    TlsConfig.PORT,
                    "there is no certificate for this port; allowed with turnout.tls.directory, a"
                            + " turnout.tls.certificates.\"NAME\".cert or turnout.acme.directory");
        }
        if (values.isNginx() && tls.hasSource()) {
            values.error(
                    TurnoutConfig.MODE,
                    "HTTPS is nginx's; allowed with turnout.mode=nginx is no certificate under turnout.tls");
        }
        clientAuth(TlsConfig.CLIENT_AUTH, TlsConfig.CLIENT_CA);
        certificates.forEach(this::check);
        sameFile();
        strictTransport(warnings);
        redirect(warnings);
    }

    /** Warns of redirects that nobody sends: nginx serves the clients. */
    private void redirect(List<String> warnings) {
        if (values.isNginx()) {
            given(ServiceSettings.TLS_REDIRECT)
                    .filter(key -> values.find(key).orElse(false))
                    .forEach(key ->
                            warnings.add(key.name() + "=true has no effect: with turnout.mode=nginx nginx answers the"
                                    + " clients. Set the redirect in nginx: 'return 308 https://$host$request_uri;'"));
        }
    }

    /** Returns a key at the top and in services, as far as it is given. */
    private <T> Stream<Key<T>> given(Key<T> key) {
        return Stream.concat(Stream.of(ServiceKeys.ofDefault()), services.stream())
                .map(service -> service.own(key))
                .distinct()
                .filter(values::isGiven);
    }

    /** Warns of a line for browsers that no answer can have. */
    private void strictTransport(List<String> warnings) {
        boolean isNginx = values.isNginx();
        if (!isNginx
                && (tls.port().isPresent()
                        || values.find(TurnoutConfig.TRUSTED_PROXIES).isPresent())) {
            return;
        }
        given(ServiceSettings.TLS_HSTS)
                .forEach(key -> warnings.add(key.name() + " has no effect: the line is sent over HTTPS only, and "
                        + (isNginx
                                ? "with turnout.mode=nginx nginx sends the answers. Set the line in nginx."
                                : "no client comes over HTTPS. That takes a certificate, or a TLS proxy in"
                                        + " turnout.trusted-proxies.")));
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
        values.refuseWithoutCertificate(
                certificate.own(CertificateConfig.CERT),
                List.of(certificate.own(CertificateConfig.KEY), certificate.own(CertificateConfig.PASSWORD_FILE)));
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
