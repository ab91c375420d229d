package dev.turnout.tls;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The certificates of all ports together, for operators. Any thread. */
public final class KnownCertificates {

    private final Certificates front;
    private final Optional<Certificates> admin;
    private final List<Certificates> all;

    /**
     * @param front of the port for HTTPS; they count for nothing if they were not opened
     * @param admin of the admin port
     */
    public KnownCertificates(Certificates front, Optional<Certificates> admin) {
        this.front = front;
        this.admin = admin;
        this.all = Stream.concat(Stream.of(front), admin.stream()).toList();
    }

    /** Reads all sources now. What is new is served when this returns. Blocks. */
    public CertificateReload reload() {
        return all.stream()
                .map(Certificates::reload)
                .reduce(CertificateReload::and)
                .orElseThrow();
    }

    /**
     * Checks that what a configuration names for the front can be served. Changes nothing. Blocks.
     *
     * @throws TlsRefused as {@link Certificates#check}
     */
    public void check(CertificateSettings next) {
        front.check(next);
    }

    /**
     * Loads what a port for HTTPS needs that is about to be opened for the front. Blocks.
     *
     * @return has what was served before served again, if the port is not opened after all
     * @throws TlsRefused if a certificate can't be used, or there is none; nothing has changed then
     */
    public Runnable openFor(CertificateSettings next) {
        return front.openFor(next);
    }

    /** Replaces the settings of the front. What is read from all sources is served when this returns. Blocks. */
    public void apply(CertificateSettings next) {
        front.apply(next);
        admin.ifPresent(Certificates::reload);
    }

    /** Returns what is known of each certificate. Does not block. */
    public List<CertificateEntry> entries() {
        return all.stream().flatMap(port -> port.entries().stream()).toList();
    }

    /** Returns what needs somebody's attention. Does not block. */
    public List<CertificateProblem> problems() {
        return all.stream().flatMap(port -> port.problems().stream()).toList();
    }

    /** Adds a listener. Its calls come from the threads of the looks. */
    public void listen(CertificateListener listener) {
        all.forEach(port -> port.listen(listener));
    }
}
