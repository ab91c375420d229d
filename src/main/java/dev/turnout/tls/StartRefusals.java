package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

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
            reasons.add(nothing(settings, problems));
        }
        return reasons;
    }

    /** Returns why a certificate that the configuration names can't be used. */
    static TlsText unusable(WatchedPair pair) {
        return pair.refusal().then(TlsFinding.REPAIR_OR_REMOVE);
    }

    private static TlsText nothing(CertificateSettings settings, List<CertificateProblem> problems) {
        TlsText nothing = settings.directory()
                .map(folder -> TlsText.of(TlsFinding.NOTHING_IN_FOLDER, "folder", folder))
                .orElseGet(() -> TlsText.of(TlsFinding.NOTHING_TO_SERVE))
                .then(TlsFinding.PUT_THERE);
        return problems.stream()
                .filter(problem -> !problem.isWarning())
                .findFirst()
                .map(problem -> nothing.then(TlsFinding.FIRST_PROBLEM).then(problem.text()))
                .orElse(nothing);
    }
}
