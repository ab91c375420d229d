package dev.turnout.acme;

import dev.turnout.config.AcmeDirectory;
import java.security.KeyPair;

/** The way to certificate authorities. */
@FunctionalInterface
interface Authorities {

    /** Returns the authority at an address, with an account that the key stands for. Asks nothing yet. */
    Authority at(AcmeDirectory directory, KeyPair accountKey) throws AuthorityFailed;
}
