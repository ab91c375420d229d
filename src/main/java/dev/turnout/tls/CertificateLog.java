package dev.turnout.tls;

import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The lines of a look at the certificates in the log. */
final class CertificateLog {

    private CertificateLog() {}

    static void write(Logger log, CertificateNews news) {
        for (CertificateEntry entry : news.changed()) {
            log.infof(
                    "Certificate for %s is served from now on: %s, issued by %s, valid until %s",
                    names(entry), entry.origin(), entry.issuer(), text(entry.notAfter()));
        }
        news.removed().forEach(origin -> log.warnf("Certificate %s is gone, and not served any more", origin));
        for (CertificateProblem problem : news.problems()) {
            if (problem.isWarning()) {
                log.warnf("Certificates: %s", problem.text().english());
            } else {
                log.errorf("Certificates: %s", problem.text().english());
            }
        }
        for (CertificateEntry entry : news.ending()) {
            log.warnf(
                    "Certificate for %s ends at %s, and no newer one is there: %s. Renew it, then: turnout certificates"
                            + " reload.",
                    names(entry), text(entry.notAfter()), entry.origin());
        }
        news.over()
                .forEach(old ->
                        log.infof("Certificates: this is over: %s", old.text().english()));
    }

    private static String names(CertificateEntry entry) {
        return String.join(", ", entry.names());
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
    }
}
