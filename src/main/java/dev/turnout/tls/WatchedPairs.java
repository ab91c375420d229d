package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pairs of files of all sources over time: which there are, and which have gone. One thread at a time. */
final class WatchedPairs {

    private final Map<Path, WatchedPair> watched = new LinkedHashMap<>();

    /** Lists the pairs of a folder. */
    @FunctionalInterface
    private interface Scan {
        List<PairFiles> of(Path folder) throws IOException;
    }

    Collection<WatchedPair> all() {
        return watched.values();
    }

    /** Returns true if a pair has been looked at by these names of its files. */
    boolean knows(PairFiles files) {
        WatchedPair known = watched.get(files.cert());
        return known != null && known.files().equals(files);
    }

    /** Returns true if other settings keep any pair that is served: by the names of its files, or by their folder. */
    boolean keepAny(CertificateSettings next) {
        return watched.values().stream()
                .filter(pair -> pair.pair().isPresent())
                .map(WatchedPair::files)
                .anyMatch(files -> next.files().contains(files)
                        || files.source() == CertificateSource.DIRECTORY
                                && next.directory()
                                        .filter(files.cert()::startsWith)
                                        .isPresent());
    }

    /** Forgets everything. */
    void clear() {
        watched.clear();
    }

    /**
     * Finds out which files there are. Reads none of them.
     *
     * @param problems takes the folders that could not be listed
     * @return the origins of the pairs that are gone
     */
    List<String> find(CertificateSettings settings, Instant now, List<CertificateProblem> problems) {
        Map<Path, PairFiles> present = new LinkedHashMap<>();
        settings.files().forEach(files -> present.put(files.cert(), files));
        boolean isWhole = settings.directory()
                .map(folder -> scan(folder, CertificateFolder::scan, present, problems))
                .orElse(true);
        for (Path folder : settings.acme()) {
            isWhole &= scan(folder, CertificateFolder::scanAcme, present, problems);
        }
        List<String> removed = dropMissing(present.keySet(), isWhole, now);
        present.forEach((cert, files) ->
                watched.computeIfAbsent(cert, none -> new WatchedPair(files)).name(files));
        return removed;
    }

    private List<String> dropMissing(Set<Path> present, boolean isWhole, Instant now) {
        List<String> removed = new ArrayList<>();
        watched.values().removeIf(pair -> {
            boolean isGone = !present.contains(pair.files().cert())
                    && (pair.files().source() == CertificateSource.FILE || isWhole && pair.isGone(now));
            if (isGone) {
                removed.add(pair.files().cert().toString());
            }
            return isGone;
        });
        return removed;
    }

    /** Returns true if what is not there now was taken away. A folder without any pair may be one that is not mounted. */
    private boolean scan(Path folder, Scan scan, Map<Path, PairFiles> present, List<CertificateProblem> problems) {
        try {
            List<PairFiles> pairs = scan.of(folder);
            pairs.forEach(files -> present.putIfAbsent(files.cert(), files));
            if (!pairs.isEmpty() || !isServedFrom(folder)) {
                return true;
            }
            problems.add(unread(folder, TlsText.of(TlsFinding.FOLDER_EMPTY, "folder", folder)));
        } catch (IOException e) {
            TlsText unreadable = TlsText.of(TlsFinding.FOLDER_UNREADABLE, "folder", folder);
            problems.add(unread(folder, unreadable.then(FileAccess.explain(folder, e))));
        }
        return false;
    }

    private boolean isServedFrom(Path folder) {
        return watched.values().stream()
                .anyMatch(pair -> pair.files().source() != CertificateSource.FILE
                        && pair.files().cert().startsWith(folder)
                        && pair.pair().isPresent());
    }

    private static CertificateProblem unread(Path folder, TlsText reason) {
        return new CertificateProblem(folder.toString(), reason.then(TlsFinding.FOLDER_KEPT), false);
    }
}
