package dev.turnout.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What is asked of clients. Two policies are equal if they ask the same and believe the same authorities.
 *
 * @param authorities whose certificates are believed; empty if no certificate is asked for
 */
public record ClientAuthPolicy(Demand demand, List<X509Certificate> authorities) {

    /** No certificate is asked for. */
    public static final ClientAuthPolicy NONE = new ClientAuthPolicy(Demand.NONE, List.of());

    /** Whether a client has to send a certificate. */
    public enum Demand {
        NONE,
        REQUEST,
        REQUIRE
    }

    public ClientAuthPolicy {
        authorities = List.copyOf(authorities);
    }

    /** Returns the same bytes for equal policies, and other bytes for others. A session is resumed under its own only. */
    byte[] sessionContext() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(demand.name().getBytes(StandardCharsets.US_ASCII));
            for (X509Certificate authority : authorities) {
                digest.update(authority.getEncoded());
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 of a certificate", e);
        }
    }
}
