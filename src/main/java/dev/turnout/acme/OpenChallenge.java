package dev.turnout.acme;

/** A question of a certificate authority that proves a name (RFC 8555, section 8). */
interface OpenChallenge {

    Proof proof();

    /** Tells the authority that the answer is in place. */
    void begin() throws AuthorityFailed;
}
