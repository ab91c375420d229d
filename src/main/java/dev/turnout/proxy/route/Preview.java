package dev.turnout.proxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.routing.Slot;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may choose a slot: {@code X-Turnout-Slot: green}, or {@code X-Turnout-Slot: green:SECRET} where there
 * is a secret. Any other request goes where all others go.
 *
 * @param allowed whether any is
 * @param secret what it has to be said with, if anything
 */
public record Preview(boolean allowed, Optional<String> secret) {

    /** Returns the slot that a request asks for; null if it asks for none, or may not. */
    public @Nullable Slot slotOf(RequestHead head) {
        if (!allowed) {
            return null;
        }
        String asked = head.slotWish();
        if (asked == null) {
            return null;
        }
        for (Slot slot : Slot.values()) {
            if (matches(asked, slot)) {
                return slot;
            }
        }
        return null;
    }

    /** Compared in constant time: how long it takes tells nothing of the secret. */
    private boolean matches(String asked, Slot slot) {
        String wanted = slot + secret.map(word -> ":" + word).orElse("");
        return MessageDigest.isEqual(asked.getBytes(UTF_8), wanted.getBytes(UTF_8));
    }
}
