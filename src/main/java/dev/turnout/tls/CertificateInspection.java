package dev.turnout.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a look at the files of a configuration finds, for commands that serve nothing. Any thread; the look blocks.
 *
 * @param entries the certificates, as far as they could be read
 * @param problems what needs somebody's attention
 * @param refusals why a start would be refused
 */
public record CertificateInspection(
        List<CertificateEntry> entries, List<CertificateProblem> problems, List<String> refusals) {

    public CertificateInspection {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
        refusals = List.copyOf(refusals);
    }

    /** Looks at the files that the configuration names, at its folder, and at what ACME has stored. */
    public static CertificateInspection of(CertificateSettings settings, Instant now) {
        List<PairFiles> files = new ArrayList<>(settings.files());
        List<CertificateProblem> problems = new ArrayList<>();
        try {
            if (settings.directory().isPresent()) {
                files.addAll(CertificateFolder.scan(settings.directory().get()));
            }
        } catch (IOException e) {
            problems.add(unreadable(settings.directory().get(), e));
        }
        for (Path folder : settings.acme()) {
            try {
                files.addAll(CertificateFolder.scanAcme(folder));
            } catch (IOException e) {
                problems.add(unreadable(folder, e));
            }
        }
        return of(files, problems, settings, now);
    }

    private static CertificateProblem unreadable(Path folder, IOException cause) {
        return new CertificateProblem(
                folder.toString(),
                "the folder " + folder + " can't be read: " + FileAccess.explain(folder, cause)
                        + ". Repair the folder.",
                false);
    }

    private static CertificateInspection of(
            List<PairFiles> files, List<CertificateProblem> problems, CertificateSettings settings, Instant now) {
        List<WatchedPair> pairs = files.stream().map(WatchedPair::new).toList();
        problems.addAll(new ClientAuthPolicies().look(settings));
        for (WatchedPair pair : pairs) {
            pair.look(now, tried -> {});
            problems.addAll(pair.problems());
        }
        problems.addAll(PlainDemands.of(settings, pairs));
        return new CertificateInspection(
                pairs.stream().map(WatchedPair::entry).toList(), problems, StartRefusals.of(settings, pairs, problems));
    }

    /** Returns true if one of the certificates is for a host. */
    public boolean covers(String host) {
        String wildcard = TableBuilder.wildcard(host);
        return entries.stream()
                .filter(CertificateEntry::isServing)
                .anyMatch(entry -> entry.names().contains(host) || entry.names().contains(wildcard));
    }
}
