package dev.turnout.config;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The field {@code Retry-After} of an answer (RFC 9110, section 10.2.3). Some servers send fractions of a second. */
public final class RetryAfter {

    private RetryAfter() {}

    /** Returns how long to wait from now on; empty if the text is neither seconds nor a date. */
    public static Optional<Duration> parse(String text, Instant now) {
        String value = text.strip();
        if (value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            return Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1_000)));
        }
        try {
            Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return Optional.of(at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
