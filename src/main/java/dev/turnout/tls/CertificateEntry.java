package dev.turnout.tls;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one certificate.
 *
 * @param names the host names in the certificate; the configured name if no certificate could be read
 * @param issuer the name of the issuer; empty if no certificate could be read
 * @param notBefore the start of the validity; empty if no certificate could be read
 * @param notAfter the end of the validity; empty if no certificate could be read
 * @param origin the file of the certificate, or what stands for it
 * @param keyKind {@code EC} or {@code RSA}; empty if no certificate could be read
 * @param lastError why the newest files are not used, or why the dates are wrong
 * @param isServing true if handshakes may be answered with this certificate
 */
public record CertificateEntry(
        List<String> names,
        String issuer,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter,
        CertificateSource source,
        String origin,
        String keyKind,
        Optional<String> lastError,
        boolean isServing) {

    public CertificateEntry {
        names = List.copyOf(names);
    }
}
