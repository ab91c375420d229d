package dev.turnout.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with those that lead to its authority.
 *
 * @param certificates the certificate itself first; at least one
 */
public record CertificateChain(List<X509Certificate> certificates) {

    public CertificateChain {
        certificates = List.copyOf(certificates);
    }

    /** Returns the certificate itself. */
    public X509Certificate certificate() {
        return certificates.get(0);
    }

    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    /** Returns the time from the first moment of validity to the last moment. */
    public Duration lifetime() {
        return Duration.between(notBefore(), notAfter());
    }
}
