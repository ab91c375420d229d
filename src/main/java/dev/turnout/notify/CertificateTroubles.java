package dev.turnout.notify;

import dev.turnout.config.NotifyEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rule which events of certificates are news: trouble once a day while it lasts, and its end. A renewal that was
 * expected is no news. Any thread.
 */
final class CertificateTroubles {

    /** Reminders come about once a day. */
    private static final Duration AGAIN = Duration.ofHours(20);

    private static final int MOST = 1_000;

    /** What was told last of each certificate that is in trouble, and when. */
    private final Map<String, Told> told = new LinkedHashMap<>();

    private record Told(String verdict, Instant at) {}

    /** Returns what people are told of an event of a certificate; empty if it is no news. */
    synchronized Optional<News> of(JsonObject event, Instant now) {
        String verdict = String.valueOf(event.getValue("verdict"));
        boolean isNews =
                switch (verdict) {
                    case "certificate-failed", "certificate-ending" -> isNew(key(event), verdict, now);
                    case "certificate-renewed", "certificate-mended" -> told.remove(key(event)) != null;
                    default -> false;
                };
        return isNews ? Optional.of(new News(NotifyEvent.CERTIFICATE, Optional.empty(), event)) : Optional.empty();
    }

    private boolean isNew(String key, String verdict, Instant now) {
        Told before = told.get(key);
        if (before != null && before.verdict.equals(verdict) && now.isBefore(before.at.plus(AGAIN))) {
            return false;
        }
        if (told.size() == MOST && before == null) {
            told.remove(told.keySet().iterator().next());
        }
        told.put(key, new Told(verdict, now));
        return true;
    }

    /** An order knows names only, and a file that can't be read has none. */
    private static String key(JsonObject event) {
        return event.getValue("names") instanceof JsonArray names && !names.isEmpty()
                ? String.valueOf(names.getValue(0))
                : String.valueOf(event.getValue("file"));
    }
}
