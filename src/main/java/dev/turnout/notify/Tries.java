package dev.turnout.notify;

import dev.turnout.config.Deadline;
import dev.turnout.config.GrowingPause;
import java.time.Duration;
import java.util.Optional;

/**
 * The rule when a message is tried again: after pauses that double up to a minute, or when the receiver says, and not after its
 * time is over. Each message has one try at least.
 */
final class Tries {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Deadline end;
    private final GrowingPause pauses;
    private int made;

    /** @param first the first pause */
    Tries(Deadline end, Duration first) {
        this.end = end;
        this.pauses = new GrowingPause(first, LONGEST);
    }

    /** Returns the pause after a try that has just failed; empty if the message is given up. */
    Optional<Duration> pause(HookOutcome.Later failed) {
        made++;
        Duration next = pauses.next(failed.after().orElse(Duration.ZERO));
        return next.toMillis() > end.leftMillis() ? Optional.empty() : Optional.of(next);
    }

    /** Returns how many tries have failed. */
    int made() {
        return made;
    }
}
