package dev.turnout.tls;

/** Told of each look at the certificates that has news. */
@FunctionalInterface
public interface CertificateListener {

    /** Called after the new snapshot holds. Must not block. */
    void looked(CertificateNews news);
}
