package dev.turnout.acme;

import dev.turnout.config.AcmeChallenge;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** An order at a certificate authority (RFC 8555, section 7.1.6). Each method blocks for a request or a few. */
interface OpenOrder {

    /** Where an order stands. */
    enum State {
        /** Proofs are missing. */
        PENDING,
        /** The authority waits for the request of the certificate. */
        READY,
        /** The authority works at it. */
        PROCESSING,
        /** The certificate is there. */
        VALID,
        /** The order has failed. */
        INVALID
    }

    /**
     * A look at an order.
     *
     * @param again how long the authority wants to be left alone before the next look; zero if it does not say
     */
    record Look(State state, Duration again) {}

    URI location();

    /** Asks where the order stands. */
    Look look() throws AuthorityFailed;

    /** Returns the challenges of all names that are not proved yet. */
    List<OpenChallenge> challenges(AcmeChallenge kind) throws AuthorityFailed;

    /** Returns why the order has failed, in the words of the authority. */
    AuthorityFailed failure() throws AuthorityFailed;

    /** Requests the certificate for a key. */
    void finish(KeyPair keys) throws AuthorityFailed;

    /** Returns the certificate and those that lead to the authority. */
    List<X509Certificate> certificate() throws AuthorityFailed;
}
