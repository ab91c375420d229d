package dev.turnout.acme;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A certificate authority, as far as Turnout talks to it. Storage, waiting, challenges and decisions are Turnout's. Each
 * method blocks, for no longer than the time-outs of its requests.
 */
interface Authority {

    /**
     * Begins an order.
     *
     * @param replaces the certificate that is to be replaced, if the authority is to know (RFC 9773, section 5)
     */
    OpenOrder order(List<String> names, Optional<X509Certificate> replaces) throws AuthorityFailed;

    /** Returns an order that has begun earlier. */
    OpenOrder resume(URI location) throws AuthorityFailed;

    /** Returns when a certificate is to be renewed; empty if the authority makes no suggestions. */
    Optional<RenewalWindow> renewalWindow(X509Certificate certificate) throws AuthorityFailed;
}
