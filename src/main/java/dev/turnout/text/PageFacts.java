package dev.turnout.text;

/**
 * What the page of an answer may tell. Every text may come from outside.
 *
 * @param status the status code
 * @param reason the reason phrase of the status
 * @param cause the word that the answer has in {@code X-Turnout}
 * @param message one sentence for a person
 * @param retryAfterSeconds when the client is told to come again; 0 if it is told nothing
 * @param requestId the request's id; empty if it has none
 * @param host the host that was asked for; empty if it is not known
 */
public record PageFacts(
        int status,
        String reason,
        String cause,
        String message,
        int retryAfterSeconds,
        String requestId,
        String host) {}
