package dev.turnout.acme;

import dev.turnout.tls.CertificateChain;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The times in which an authority wants a certificate to be renewed (RFC 9773, section 4.2).
 *
 * @param askAgainIn how long the answer holds, as the authority says
 */
record RenewalWindow(Instant start, Instant end, Optional<Duration> askAgainIn) {

    /** Returns true if the window begins before its end, and ends while the certificate is valid. */
    boolean isUsableFor(CertificateChain pair) {
        return start.isBefore(end) && !end.isAfter(pair.notAfter());
    }

    boolean isSame(Optional<RenewalWindow> other) {
        return other.filter(window -> window.start.equals(start) && window.end.equals(end))
                .isPresent();
    }

    /** Returns a moment in the window, each as likely as the others (RFC 9773, section 4.2). */
    Instant draw(RandomGenerator random) {
        return start.plusMillis(random.nextLong(Duration.between(start, end).toMillis() + 1));
    }
}
