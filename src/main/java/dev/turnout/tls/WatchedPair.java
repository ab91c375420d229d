package dev.turnout.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a certificate over time. Content that can't be served leaves the last good pair in use. One thread at a
 * time.
 */
final class WatchedPair {

    /** How long files of a folder may be missing: they may be about to be replaced. */
    private static final Duration MISSING = Duration.ofSeconds(9);

    /** Whether the engine can serve a pair. */
    @FunctionalInterface
    interface Trial {
        void of(CertificatePair pair) throws UnusablePair;
    }

    private PairFiles files;
    private @Nullable CertificatePair pair;
    private Optional<String> error = Optional.empty();
    private String refusal = "";
    private @Nullable Instant missingSince;

    WatchedPair(PairFiles files) {
        this.files = files;
    }

    PairFiles files() {
        return files;
    }

    /** Returns the pair to be served; empty if none could be read yet. */
    Optional<CertificatePair> pair() {
        return Optional.ofNullable(pair);
    }

    /** Returns why the last content was refused: a clause without a full stop. */
    String refusal() {
        return refusal;
    }

    /** Names the files, which are there. The next look reads them. */
    void name(PairFiles next) {
        files = next;
        missingSince = null;
    }

    /**
     * Reads the files.
     *
     * @param trial refuses a pair that the engine can't serve
     * @return true if another pair is to be served from now on
     */
    boolean look(Instant now, Trial trial) {
        try {
            PairFiles.Content content = files.read();
            if (pair != null && pair.digest().equals(content.digest())) {
                error = dates(pair, now);
                return false;
            }
            return replace(PairReader.read(files, content), now, trial);
        } catch (UnusablePair e) {
            return keep(e.reason());
        }
    }

    private boolean replace(CertificatePair next, Instant now, Trial trial) throws UnusablePair {
        CertificatePair old = pair;
        if (old != null && old.isValid(now) && !next.isValid(now)) {
            return keep(files.namedCert() + ": the new certificate " + wrongDates(next, now));
        }
        try {
            trial.of(next);
        } catch (UnusablePair e) {
            throw new UnusablePair(files.namedCert() + ": " + e.reason());
        }
        pair = next;
        error = dates(next, now);
        return true;
    }

    private boolean keep(String reason) {
        refusal = reason;
        CertificatePair old = pair;
        error = Optional.of(reason + ". "
                + (old == null
                        ? "No certificate is served from there"
                        : "The certificate that ends on " + old.notAfter() + " stays in use")
                + ". Repair the files; they are read again within 10 s.");
        return false;
    }

    private Optional<String> dates(CertificatePair served, Instant now) {
        return served.isValid(now)
                ? Optional.empty()
                : Optional.of(files.namedCert() + ": the certificate " + wrongDates(served, now)
                        + ". It is served, and clients refuse it. Replace it, or check the clock of this machine.");
    }

    private static String wrongDates(CertificatePair pair, Instant now) {
        return now.isAfter(pair.notAfter())
                ? "expired on " + pair.notAfter()
                : "is not valid before " + pair.notBefore();
    }

    /**
     * Called when a folder has these files no more.
     *
     * @return true if they have been missing so long that they were removed on purpose
     */
    boolean isGone(Instant now) {
        Instant since = missingSince;
        if (since == null) {
            missingSince = now;
            keep(files.cert() + " is missing");
            return pair == null;
        }
        return Duration.between(since, now).compareTo(MISSING) >= 0;
    }

    /** Returns the advice for a key whose rights are too wide. */
    private Optional<String> warning() {
        return pair == null ? Optional.empty() : FileAccess.openToAll(files.keyFile());
    }

    /** Returns the advice for a certificate whose issuer's is missing: only some clients know it, or fetch it. */
    private Optional<String> incomplete() {
        return pair().filter(CertificatePair::lacksIssuer)
                .map(served -> files.namedCert() + ": the certificate of its issuer, " + served.issuer()
                        + ", is missing behind it, and many clients refuse it so. Put it into the same file, as in"
                        + " certbot's fullchain.pem.");
    }

    /** Returns what needs somebody's attention. */
    List<CertificateProblem> problems() {
        String origin = files.cert().toString();
        List<CertificateProblem> problems = new ArrayList<>();
        error.ifPresent(text -> problems.add(new CertificateProblem(origin, text, false)));
        warning().ifPresent(text -> problems.add(new CertificateProblem(origin, text, true)));
        incomplete().ifPresent(text -> problems.add(new CertificateProblem(origin, text, true)));
        return problems;
    }

    CertificateEntry entry() {
        CertificatePair served = pair;
        return served == null
                ? new CertificateEntry(
                        List.of(files.label()),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        files.source(),
                        files.cert().toString(),
                        "",
                        error,
                        false)
                : entry(served, files.source(), files.cert().toString(), error);
    }

    /** Returns the entry of a pair that is served. */
    static CertificateEntry entry(
            CertificatePair pair, CertificateSource source, String origin, Optional<String> error) {
        return new CertificateEntry(
                pair.names(),
                pair.issuer(),
                Optional.of(pair.notBefore()),
                Optional.of(pair.notAfter()),
                source,
                origin,
                pair.keyKind(),
                error,
                true);
    }
}
