package dev.turnout.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What has been told of certificates, and when. Each problem is told when it is new, and once a day as long as it lasts: a
 * renewal that fails unseen ends in an outage. One thread at a time.
 */
final class CertificateReminders {

    private static final Duration EVERY = Duration.ofDays(1);

    private final Map<CertificateProblem, Instant> problems = new HashMap<>();
    private final Map<String, Instant> endings = new HashMap<>();

    /**
     * Returns what is to be told of a look, and takes it for told.
     *
     * @param entries all certificates
     */
    CertificateNews of(CertificateReload look, List<CertificateEntry> entries, Instant now) {
        List<CertificateProblem> over = problems.keySet().stream()
                .filter(old -> !look.removed().contains(old.origin()))
                .filter(old -> look.problems().stream().noneMatch(problem -> isOfSameKind(problem, old)))
                .toList();
        List<CertificateEntry> ending =
                entries.stream().filter(entry -> entry.endsSoon(now)).toList();
        return new CertificateNews(
                now,
                look.changed(),
                look.removed(),
                due(look.problems(), Function.identity(), problems, now),
                over,
                due(ending, CertificateEntry::origin, endings, now));
    }

    private static boolean isOfSameKind(CertificateProblem one, CertificateProblem other) {
        return one.origin().equals(other.origin()) && one.isWarning() == other.isWarning();
    }

    /** What is due later than after the whole time was told by a clock that was ahead. */
    private static boolean isDue(Instant next, Instant now) {
        return !now.isBefore(next) || next.isAfter(now.plus(EVERY));
    }

    private static <T, K> List<T> due(List<T> found, Function<T, K> key, Map<K, Instant> told, Instant now) {
        Set<K> present = found.stream().map(key).collect(Collectors.toSet());
        told.keySet().retainAll(present);
        List<T> due = found.stream()
                .filter(each -> isDue(told.getOrDefault(key.apply(each), Instant.MIN), now))
                .toList();
        due.forEach(each -> told.put(key.apply(each), now.plus(EVERY)));
        return due;
    }
}
