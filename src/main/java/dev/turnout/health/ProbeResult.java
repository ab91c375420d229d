package dev.turnout.health;

import dev.turnout.routing.VisibleText;
import java.time.Instant;

/**
 * The result of one probe of a target.
 *
 * @param at when the probe began
 * @param good whether the target gave a whole response with a status that counts as healthy
 * @param status of the response; 0 if there was no response
 * @param cause in a word or a few: {@code 200}, {@code 503}, {@code refused}, {@code timeout}, {@code reset}, {@code
 *     closed}, {@code garbage: ...}, {@code not asked: ...}
 * @param body the first {@value #BODY_CHARACTERS} characters of the body, as {@link VisibleText}
 * @param latencyMillis from the beginning to the end of the probe
 * @param host the Host that was sent
 */
public record ProbeResult(
        Instant at, boolean good, int status, String cause, String body, long latencyMillis, String host) {

    public ProbeResult {
        cause = VisibleText.of(cause, VisibleText.SHORT);
        body = VisibleText.startOf(body, BODY_CHARACTERS);
    }

    /** The number of characters that are kept of a body. */
    public static final int BODY_CHARACTERS = 200;

    /** The cause of a probe that took longer than {@link ProbePlan#timeout}. */
    static final String TIMEOUT = "timeout";

    /** The cause of a probe whose connection was refused: nothing listens. */
    static final String REFUSED = "refused";

    /** The cause of a probe that was not sent, since this process has no file descriptor left. */
    static final String NO_DESCRIPTOR = "not asked: no file descriptor is left";

    /** The cause of a probe that was not sent, since this process gets no further thread. */
    static final String NO_THREAD = "not asked: the system gives no thread";

    /** Returns true if this process lacked what it needs for a probe. Such a result says nothing about the target. */
    boolean isOfShortage() {
        return cause.equals(NO_DESCRIPTOR) || cause.equals(NO_THREAD);
    }

    /** Returns this result with another cause. */
    ProbeResult withCause(String other) {
        return new ProbeResult(at, good, status, other, body, latencyMillis, host);
    }
}
