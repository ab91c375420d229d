package dev.turnout.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * By what members know each other on their admin servers: HMAC-SHA256 with the secret of the fleet, which stands in etcd and
 * on the disks of the members. It is never sent to another member. An answer is bound to its question. Any thread.
 */
final class PeerSeal {

    private static final String HMAC = "HmacSHA256";
    private static final int QUESTION_CHARACTERS = 128;

    private final byte[] secret;

    PeerSeal(String secret) {
        this.secret = secret.getBytes(UTF_8);
    }

    /** Returns the header of a question. */
    String question(String nonce) {
        return nonce + " " + mac("ask " + nonce);
    }

    /** Returns the nonce of a member's question; empty if no member has asked it. */
    Optional<String> nonce(String question) {
        int space = question.indexOf(' ');
        if (space < 0 || question.length() > QUESTION_CHARACTERS) {
            return Optional.empty();
        }
        String nonce = question.substring(0, space);
        return areEqual(question, question(nonce)) ? Optional.of(nonce) : Optional.empty();
    }

    /** Returns the seal of an answer. */
    String answer(String nonce, JsonObject told) {
        return mac("told " + nonce + " " + told.encode());
    }

    /** Returns true if a member has answered so. */
    boolean isAnswer(String nonce, JsonObject told, String seal) {
        return areEqual(seal, answer(nonce, told));
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    /** Compares in constant time. */
    private static boolean areEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
