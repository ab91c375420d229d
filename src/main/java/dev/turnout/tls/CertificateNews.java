package dev.turnout.tls;

import java.time.Instant;
import java.util.List;

/**
 * What of a look at the certificates is to be told.
 *
 * @param at the time of the look
 * @param changed the certificates that are new or replaced, as they are served now
 * @param removed the origins of certificates that are gone
 * @param problems what needs somebody's attention: new, or told a day ago
 * @param over the problems that are no more
 * @param ending the certificates that end soon: new among them, or told a day ago
 */
public record CertificateNews(
        Instant at,
        List<CertificateEntry> changed,
        List<String> removed,
        List<CertificateProblem> problems,
        List<CertificateProblem> over,
        List<CertificateEntry> ending) {

    public CertificateNews {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
        over = List.copyOf(over);
        ending = List.copyOf(ending);
    }

    boolean isEmpty() {
        return changed.isEmpty() && removed.isEmpty() && problems.isEmpty() && over.isEmpty() && ending.isEmpty();
    }
}
