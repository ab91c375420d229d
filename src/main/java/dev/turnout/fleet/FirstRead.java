package dev.turnout.fleet;

import dev.turnout.config.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What waits for the first read of the store. Any thread that may block. */
final class FirstRead {

    /** How long an answer waits for the first read of a fleet that was just entered. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** How long a start waits that never serves alone. */
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private static final long LOOK_MILLIS = 10;

    private FirstRead() {}

    /** Waits until changes are possible, so that who has entered the fleet may begin one; for some seconds at most. */
    static void await(FleetLoop begun) {
        try {
            Deadline.after(ANSWER).await(() -> begun.view().trouble().isEmpty(), LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until requests may be served by what is decided.
     *
     * @param most how long; empty for ever
     * @return false if nothing is known yet
     */
    static boolean awaitOpen(FleetLoop begun, Optional<Duration> most) {
        BooleanSupplier isOpen =
                () -> begun.seats().areOpen() && begun.services().areKnown();
        try {
            return Deadline.after(most.orElse(FOR_EVER)).await(() -> begun.ask(isOpen), LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
