package dev.turnout.admin;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What the front port adds to a request that it hands to the admin server, in the header {@value #HEADER}, so that the
 * guard can tell it from all others. Made anew at each start and known to this process only.
 *
 * @param value 32 hex digits
 */
public record FrontSecret(String value) {

    /** The front removes this header from whatever a client sends. */
    public static final String HEADER = "X-Turnout-Front";

    private static final int BYTES = 16;

    /** A secret that nobody can guess. */
    public static FrontSecret random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new FrontSecret(HexFormat.of().formatHex(bytes));
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "FrontSecret";
    }
}
