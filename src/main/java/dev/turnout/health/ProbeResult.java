package dev.turnout.health;

import dev.turnout.routing.VisibleText;
import java.time.Instant;

/**
 * What one probe of a target came to.
 *
 * @param at when it began
 * @param good whether the target gave a whole answer with a status that counts as healthy
 * @param status of the answer; 0 if there was none
 * @param cause in a word or a few: {@code 200}, {@code 503}, {@code refused}, {@code timeout}, {@code reset}, {@code
 *     closed}, {@code garbage: ...}
 * @param body its first {@value #BODY_CHARACTERS} characters, as {@link VisibleText}
 * @param latencyMillis from the beginning to the end of the probe
 * @param host the Host that was sent
 */
public record ProbeResult(
        Instant at, boolean good, int status, String cause, String body, long latencyMillis, String host) {

    public ProbeResult {
        cause = VisibleText.of(cause, VisibleText.SHORT);
        body = VisibleText.startOf(body, BODY_CHARACTERS);
    }

    /** How much of an answer's body is kept. */
    public static final int BODY_CHARACTERS = 200;

    /** The cause if a target took longer than {@link ProbePlan#timeout}. */
    static final String TIMEOUT = "timeout";

    /** The same probe with another word for why it ended. */
    ProbeResult withCause(String other) {
        return new ProbeResult(at, good, status, other, body, latencyMillis, host);
    }
}
