package dev.turnout.switching;

import java.util.Objects;

/**
 * The order to pause a service, or to resume the service.
 *
 * @param service the name of the service
 * @param paused true to pause, false to resume
 * @param untilDrained whether the answer waits until what was in flight has ended
 * @param expectation the revision that the change may start from
 * @param note who asks, and what the caller says about it
 */
public record PauseOrder(
        String service, boolean paused, boolean untilDrained, ExpectedRevision expectation, ChangeNote note)
        implements ChangeOrder {

    public PauseOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(note, "note");
    }
}
