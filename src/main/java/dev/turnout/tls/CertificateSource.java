package dev.turnout.tls;

/** Where a certificate comes from. Of two certificates for one name the source that stands first here wins. */
public enum CertificateSource {
    /** Files that the configuration names. */
    FILE,
    /** The folder of certificates. */
    DIRECTORY,
    /** A certificate authority, by ACME. */
    ACME,
    /** Turnout itself, for a name whose certificate has not been issued yet. */
    SELF_SIGNED
}
