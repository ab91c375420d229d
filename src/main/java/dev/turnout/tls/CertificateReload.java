package dev.turnout.tls;

import java.util.List;
import java.util.stream.Stream;

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

    /** Returns this and what another look has changed. */
    CertificateReload and(CertificateReload other) {
        return new CertificateReload(
                joined(changed, other.changed()),
                joined(removed, other.removed()),
                joined(problems, other.problems()),
                unchanged + other.unchanged());
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
