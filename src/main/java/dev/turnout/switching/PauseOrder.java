package dev.turnout.switching;

import java.util.Objects;

/**
 * A pause, or the end of one, that somebody asks for.
 *
 * @param service whose
 * @param paused whether new requests are to wait
 * @param untilDrained whether it is answered only when what was in flight has ended
 * @param expectation the revision that it may start from
 * @param who asks, in words for the journal
 */
public record PauseOrder(String service, boolean paused, boolean untilDrained, ExpectedRevision expectation, String who)
        implements ChangeOrder {

    public PauseOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(who, "who");
    }
}
