package dev.turnout.cli;

import dev.turnout.text.Language;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times as people read them, in this machine's time zone. */
final class Times {

    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter OTHER_DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Language language;
    private final Instant now;
    private final ZoneId zone;

    Times(Language language, Instant now, ZoneId zone) {
        this.language = language;
        this.now = now;
        this.zone = zone;
    }

    /** Returns the instant of a text such as {@code 2026-01-31T10:00:00Z}; empty if the text is no instant. */
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns a time of day, with the date if it is not today. */
    String at(Instant instant) {
        ZonedDateTime local = instant.atZone(zone);
        return (local.toLocalDate().equals(now.atZone(zone).toLocalDate()) ? TODAY : OTHER_DAY).format(local);
    }

    /** Returns a time and how long ago it was: {@code 14:03:12 (3 h)}. */
    String since(Instant instant) {
        return at(instant) + " (" + span(Duration.between(instant, now)) + ")";
    }

    /** Returns a span of time in its greatest unit. */
    String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + language.of(" s", "초");
        }
        if (seconds < 3_600) {
            return seconds / 60 + language.of(" min", "분");
        }
        if (seconds < 48 * 3_600) {
            return seconds / 3_600 + language.of(" h", "시간");
        }
        return seconds / 86_400 + language.of(" days", "일");
    }
}
