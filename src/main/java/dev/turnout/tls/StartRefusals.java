package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Why certificates keep Turnout from starting: for the start itself, and for commands that say so before. */
final class StartRefusals {

    private StartRefusals() {}

    /**
     * Returns the reasons, a sentence or two each; none if Turnout can start.
     *
     * @param pairs what was found, looked at once
     * @param problems of the same look
     */
    static List<TlsText> of(
            CertificateSettings settings, Collection<WatchedPair> pairs, List<CertificateProblem> problems) {
        List<TlsText> reasons = new ArrayList<>();
        pairs.stream()
                .filter(pair -> pair.files().source() == CertificateSource.FILE
                        && pair.pair().isEmpty())
                .forEach(pair -> reasons.add(unusable(pair)));
        problems.stream()
                .filter(problem -> settings.clientAuthFiles().contains(Path.of(problem.origin())))
                .forEach(problem -> reasons.add(problem.text()));
        boolean isNone = pairs.stream().noneMatch(pair -> pair.pair().isPresent());
        if (reasons.isEmpty() && isNone && settings.acme().isEmpty()) {
            reasons.add(nothing(settings, pairs, problems));
        }
        return reasons;
    }

    /** Returns why a certificate that the configuration names can't be used. */
    static TlsText unusable(WatchedPair pair) {
        return pair.refusal().then(TlsFinding.REPAIR_OR_REMOVE);
    }

    private static TlsText nothing(
            CertificateSettings settings, Collection<WatchedPair> pairs, List<CertificateProblem> problems) {
        TlsText nothing = settings.directory()
                .map(folder -> TlsText.of(TlsFinding.NOTHING_IN_FOLDER, "folder", folder))
                .orElseGet(() -> TlsText.of(TlsFinding.NOTHING_TO_SERVE))
                .then(TlsFinding.PUT_THERE);
        return first(pairs, problems)
                .map(problem -> nothing.then(TlsFinding.FIRST_PROBLEM).then(problem))
                .orElse(nothing);
    }

    /** A pair's own problem says when its files are read again. They are not if Turnout does not start. */
    private static Optional<TlsText> first(Collection<WatchedPair> pairs, List<CertificateProblem> problems) {
        return pairs.stream()
                .filter(pair -> pair.pair().isEmpty())
                .findFirst()
                .map(WatchedPair::refusal)
                .or(() -> problems.stream()
                        .filter(problem -> !problem.isWarning())
                        .findFirst()
                        .map(CertificateProblem::text));
    }
}
