package dev.turnout.tls;

import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The lines of a look at the certificates in the log. A problem gets a line when it is new, and when it is over. */
final class CertificateLog {

    private CertificateLog() {}

    static void write(Logger log, CertificateReload reload, List<CertificateProblem> before) {
        for (CertificateEntry entry : reload.changed()) {
            log.infof(
                    "Certificate for %s is served from now on: %s, issued by %s, valid until %s",
                    String.join(", ", entry.names()),
                    entry.origin(),
                    entry.issuer(),
                    entry.notAfter().map(Object::toString).orElse(""));
        }
        reload.removed().forEach(origin -> log.warnf("Certificate %s is gone, and not served any more", origin));
        for (CertificateProblem problem : reload.problems()) {
            if (before.contains(problem)) {
                continue;
            }
            if (problem.isWarning()) {
                log.warnf("Certificates: %s", problem.text());
            } else {
                log.errorf("Certificates: %s", problem.text());
            }
        }
        before.stream()
                .filter(old -> !reload.removed().contains(old.origin()))
                .filter(old -> sameOrigin(reload.problems(), old).isEmpty())
                .forEach(old -> log.infof("Certificates: this is over: %s", old.text()));
    }

    private static Optional<CertificateProblem> sameOrigin(List<CertificateProblem> now, CertificateProblem old) {
        return now.stream()
                .filter(problem -> problem.origin().equals(old.origin()) && problem.isWarning() == old.isWarning())
                .findFirst();
    }
}
