package dev.turnout.tls;

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
    static List<String> of(
            CertificateSettings settings, Collection<WatchedPair> pairs, List<CertificateProblem> problems) {
        List<String> reasons = new ArrayList<>();
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
    static String unusable(WatchedPair pair) {
        return pair.refusal() + ". Repair the file, or remove the key.";
    }

    private static String nothing(CertificateSettings settings, List<CertificateProblem> problems) {
        return "there is no certificate for HTTPS"
                + settings.directory()
                        .map(folder -> ": turnout.tls.directory=" + folder + " has none that can be served")
                        .orElse("")
                + problems.stream()
                        .filter(problem -> !problem.isWarning())
                        .findFirst()
                        .map(problem -> " (" + problem.text() + ")")
                        .orElse("")
                + ". Put X.pem, X.crt with X.key, or X/fullchain.pem with X/privkey.pem there.";
    }
}
