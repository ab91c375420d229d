package dev.turnout.tls;

import java.util.List;

/**
 * What a look at the certificates has changed.
 *
 * @param changed the certificates that are new or replaced, as they are served now
 * @param removed the origins of certificates that are gone
 * @param problems what was refused, or needs somebody's attention
 * @param unchanged how many certificates are as before
 */
public record CertificateReload(
        List<CertificateEntry> changed, List<String> removed, List<CertificateProblem> problems, int unchanged) {

    public CertificateReload {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
    }
}
