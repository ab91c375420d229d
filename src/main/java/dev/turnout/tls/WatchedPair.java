package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
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
    private Optional<TlsText> error = Optional.empty();
    private TlsText refusal = new TlsText(List.of());
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
    TlsText refusal() {
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
            return keep(wrongDates(next, now, TlsFinding.NEW_EXPIRED, TlsFinding.NEW_NOT_YET_VALID));
        }
        try {
            trial.of(next);
        } catch (UnusablePair e) {
            throw new UnusablePair(e.reason().at(files.namedCert()));
        }
        pair = next;
        error = dates(next, now);
        return true;
    }

    private boolean keep(TlsText reason) {
        refusal = reason;
        CertificatePair old = pair;
        error = Optional.of(
                old == null
                        ? reason.then(TlsFinding.NONE_IS_SERVED)
                        : reason.then(TlsFinding.OLD_STAYS, "end", old.chain().notAfter()));
        return false;
    }

    private Optional<TlsText> dates(CertificatePair served, Instant now) {
        return served.isValid(now)
                ? Optional.empty()
                : Optional.of(wrongDates(served, now, TlsFinding.EXPIRED, TlsFinding.NOT_YET_VALID)
                        .then(TlsFinding.CLIENTS_REFUSE));
    }

    private TlsText wrongDates(CertificatePair pair, Instant now, TlsFinding expired, TlsFinding notYetValid) {
        TlsText dates = now.isAfter(pair.chain().notAfter())
                ? TlsText.of(expired, "end", pair.chain().notAfter())
                : TlsText.of(notYetValid, "begin", pair.chain().notBefore());
        return dates.at(files.namedCert());
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
            keep(TlsText.of(TlsFinding.FILE_MISSING, "file", files.cert()));
            return pair == null;
        }
        return Duration.between(since, now).compareTo(MISSING) >= 0;
    }

    /** Returns the advice for a key whose rights are too wide. */
    private Optional<TlsText> warning() {
        return pair == null ? Optional.empty() : FileAccess.openToAll(files.keyFile());
    }

    /** Returns the advice for a certificate whose issuer's is missing: only some clients know it, or fetch it. */
    private Optional<TlsText> incomplete() {
        return pair().filter(CertificatePair::lacksIssuer)
                .map(served -> TlsText.of(TlsFinding.ISSUER_MISSING, "issuer", served.issuer())
                        .at(files.namedCert()));
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
            CertificatePair pair, CertificateSource source, String origin, Optional<TlsText> error) {
        return new CertificateEntry(
                pair.names(),
                pair.issuer(),
                Optional.of(pair.chain().notBefore()),
                Optional.of(pair.chain().notAfter()),
                source,
                origin,
                pair.keyKind(),
                error,
                true);
    }
}
