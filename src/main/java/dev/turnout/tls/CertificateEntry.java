package dev.turnout.tls;

import dev.turnout.text.TlsText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
        Optional<TlsText> lastError,
        boolean isServing) {

    private static final long SECONDS_OF_DAY = Duration.ofDays(1).toSeconds();

    public CertificateEntry {
        names = List.copyOf(names);
    }

    /** Returns true if the certificate is served, is not expired, and should have been renewed by now. */
    public boolean endsSoon(Instant now) {
        return isRenewalDue(now) && notAfter.filter(now::isAfter).isEmpty();
    }

    /** Returns true if the certificate is served, and should have been renewed by now. True after its end too. */
    public boolean isRenewalDue(Instant now) {
        return isServing
                && source != CertificateSource.SELF_SIGNED
                && notBefore.isPresent()
                && notAfter.isPresent()
                && now.isAfter(RenewalTime.of(notBefore.get(), notAfter.get()));
    }

    /** Returns how many whole days are left until the end; negative after it. Empty if the end is not known. */
    public OptionalLong daysLeft(Instant now) {
        return notAfter.stream()
                .mapToLong(end -> Math.floorDiv(Duration.between(now, end).toSeconds(), SECONDS_OF_DAY))
                .findFirst();
    }
}
