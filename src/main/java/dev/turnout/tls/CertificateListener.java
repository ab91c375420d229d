package dev.turnout.tls;

/** Told of each look at the certificates that changed something, or found another problem. */
@FunctionalInterface
public interface CertificateListener {

    /** Called after the new snapshot holds. Must not block. */
    void looked(CertificateReload reload);
}
