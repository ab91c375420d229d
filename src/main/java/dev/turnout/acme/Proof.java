package dev.turnout.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The answer to a challenge.
 *
 * @param name what is proved; a wildcard without {@code *.}
 * @param token the token of the challenge
 * @param keyAuthorization the token with the thumbprint of the account key (RFC 8555, section 8.1)
 */
record Proof(String name, String token, String keyAuthorization) {

    /** Returns a proof that no authority has asked for. */
    static Proof trial(String name) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return new Proof(name, token, token + ".turnout");
    }

    /** Returns the SHA-256 hash of the key authorization, as TLS-ALPN-01 and DNS-01 send it. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
