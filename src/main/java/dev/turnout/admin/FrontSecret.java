package dev.turnout.admin;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret that the front port adds to a request for the admin server, in the header {@value #HEADER}. By the secret the
 * guard recognises requests from the front port. The secret is made at each start, and only this process knows it.
 *
 * @param value 32 hex digits
 */
public record FrontSecret(String value) {

    /** The front removes this header from whatever a client sends. */
    public static final String HEADER = "X-Turnout-Front";

    private static final int BYTES = 16;

    /** Returns a random secret. */
    public static FrontSecret random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new FrontSecret(HexFormat.of().formatHex(bytes));
    }

    /** Returns a text without the secret. */
    @Override
    public String toString() {
        return "FrontSecret";
    }
}
