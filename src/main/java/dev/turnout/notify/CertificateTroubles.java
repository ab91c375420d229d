package dev.turnout.notify;

import dev.turnout.config.NotifyEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rule which events of certificates are news: trouble once a day while it lasts, and its end. A renewal that was
 * expected is no news. Any thread.
 *
 * <p>The trouble of a file is known by the file: the names in it change. The trouble of an order is known by the names that
 * the certificate is for. A certificate that is served from now on ends the trouble of its file, and that of its order.
 */
final class CertificateTroubles {

    /** Reminders come about once a day. */
    private static final Duration AGAIN = Duration.ofHours(20);

    private static final int MOST = 1_000;

    private static final String FAILED = "certificate-failed";

    /** What was told last of each file and each order that is in trouble, and when. */
    private final Map<String, Told> told = new LinkedHashMap<>();

    private record Told(String verdict, Instant at) {

        /** What was told later than now was told by a clock that was ahead. */
        boolean isRecent(Instant now) {
            return !at.isAfter(now) && now.isBefore(at.plus(AGAIN));
        }
    }

    /** Returns what people are told of an event of a certificate; empty if it is no news. */
    synchronized Optional<News> of(JsonObject event, Instant now) {
        String verdict = String.valueOf(event.getValue("verdict"));
        boolean isNews =
                switch (verdict) {
                    case FAILED, "certificate-ending" -> isNew(subject(event), verdict, now);
                    case "certificate-mended" -> isOver(subject(event));
                    // Both are over by it: none of them may be left.
                    case "certificate-renewed" -> isOver(subject(event)) | isOver(order(names(event)));
                    default -> false;
                };
        return isNews ? Optional.of(new News(NotifyEvent.CERTIFICATE, Optional.empty(), event)) : Optional.empty();
    }

    /** Takes note of an order that fails, and when a process before this one has told people of it. */
    synchronized void orderFails(List<String> names, Instant told) {
        isNew(order(names), FAILED, told);
    }

    private boolean isOver(String subject) {
        return told.remove(subject) != null;
    }

    private boolean isNew(String subject, String verdict, Instant now) {
        Told before = told.get(subject);
        if (before != null && before.verdict.equals(verdict) && before.isRecent(now)) {
            return false;
        }
        if (told.size() == MOST && before == null) {
            told.remove(told.keySet().iterator().next());
        }
        told.put(subject, new Told(verdict, now));
        return true;
    }

    /** Returns what an event is about: a file, or an order, which has none. */
    private static String subject(JsonObject event) {
        return event.getValue("file") instanceof String file ? "file " + file : order(names(event));
    }

    /** An authority may write the names in another order. */
    private static String order(List<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(" ", "order ", ""));
    }

    private static List<String> names(JsonObject event) {
        return event.getValue("names") instanceof JsonArray names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }
}
