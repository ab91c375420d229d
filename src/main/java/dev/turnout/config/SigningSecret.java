package dev.turnout.config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The text of a secret that messages are signed with, as in Standard Webhooks. */
public final class SigningSecret {

    /** What stands before a secret in base64. */
    static final String PREFIX = "whsec_";

    private SigningSecret() {}

    static boolean isBase64(String text) {
        try {
            return bytes(text).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Returns the bytes of the secret.
     *
     * @throws IllegalArgumentException if what stands behind {@value #PREFIX} is not base64
     */
    public static byte[] bytes(String text) {
        return text.startsWith(PREFIX)
                ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }
}
