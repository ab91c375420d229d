package dev.turnout.notify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a message as Standard Webhooks has it: HMAC-SHA256 over identifier, time and body. A receiver refuses a
 * message whose time is minutes old, so that nobody can send a message again.
 */
final class HookSignature {

    private static final String HMAC = "HmacSHA256";

    private HookSignature() {}

    /** Returns the field {@code webhook-signature}. */
    static String of(byte[] secret, String id, Instant at, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update((id + "." + at.getEpochSecond() + ".").getBytes(US_ASCII));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
