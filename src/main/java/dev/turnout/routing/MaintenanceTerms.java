package dev.turnout.routing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What clients get while a service is under maintenance.
 *
 * @param message what they are told; empty for a sentence of Turnout's own
 * @param allow the IP addresses and CIDR blocks whose clients are served as always
 * @param retryAfter when clients are told to come again; whole seconds
 */
public record MaintenanceTerms(Optional<String> message, List<String> allow, Duration retryAfter) {

    public static final int MESSAGE_CHARACTERS = 500;
    public static final int MOST_BLOCKS = 64;
    public static final Duration LONGEST_RETRY = Duration.ofDays(7);
    public static final Duration USUAL_RETRY = Duration.ofMinutes(1);

    public MaintenanceTerms {
        Objects.requireNonNull(message, "message");
        allow = List.copyOf(allow);
        if (message.filter(text -> text.isBlank() || text.length() > MESSAGE_CHARACTERS)
                .isPresent()) {
            throw new IllegalArgumentException(
                    "the message of a maintenance has 1 to " + MESSAGE_CHARACTERS + " characters");
        }
        if (allow.size() > MOST_BLOCKS) {
            throw new IllegalArgumentException("a maintenance allows at most " + MOST_BLOCKS + " blocks of addresses");
        }
        if (retryAfter.toSeconds() < 1 || retryAfter.compareTo(LONGEST_RETRY) > 0) {
            throw new IllegalArgumentException("clients are told to come again after 1 s to "
                    + LONGEST_RETRY.toSeconds() + " s, not " + retryAfter);
        }
    }
}
