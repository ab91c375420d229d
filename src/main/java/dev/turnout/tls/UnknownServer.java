package dev.turnout.tls;

import java.security.cert.CertificateException;

/** A server's certificate is none of the known ones. */
final class UnknownServer extends CertificateException {

    private static final long serialVersionUID = 1L;

    UnknownServer() {
        super("another certificate than the known ones");
    }
}
