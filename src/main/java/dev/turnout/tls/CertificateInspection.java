package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a look at the files of a configuration finds, for commands that serve nothing. Any thread; the look blocks.
 *
 * @param entries the certificates, as far as they could be read
 * @param problems what needs somebody's attention
 * @param refusals why a start would be refused
 * @param files every file that was to be read
 */
public record CertificateInspection(
        List<CertificateEntry> entries, List<CertificateProblem> problems, List<TlsText> refusals, List<Path> files) {

    public CertificateInspection {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
        refusals = List.copyOf(refusals);
        files = List.copyOf(files);
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
                TlsText.of(TlsFinding.FOLDER_UNREADABLE, "folder", folder)
                        .then(FileAccess.explain(folder, cause))
                        .then(TlsFinding.REPAIR_FOLDER),
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
                pairs.stream().map(WatchedPair::entry).toList(),
                problems,
                StartRefusals.of(settings, pairs, problems),
                Stream.concat(
                                settings.clientAuthFiles().stream(),
                                files.stream().flatMap(PairFiles::all))
                        .distinct()
                        .toList());
    }

    /** Returns true if one of the certificates is for a host. */
    public boolean covers(String host) {
        return entries.stream().filter(CertificateEntry::isServing).anyMatch(entry -> cover(entry.names(), host));
    }

    /** Returns true if a certificate for these names is for a host. */
    public static boolean cover(List<String> names, String host) {
        return names.contains(host) || names.contains(TableBuilder.wildcard(host));
    }
}
