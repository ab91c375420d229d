package dev.turnout.switching;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A switch that somebody asks for.
 *
 * @param service whose
 * @param destination where to
 * @param until when it is answered
 * @param force whether the gate is skipped and what others have changed is overwritten
 * @param dryRun whether only the gate is asked and nothing changes
 * @param watch how long the new slot is watched after the flip, before the old one is drained; empty for not at all
 * @param expectation the revision that it may start from
 * @param who asks, in words for the journal
 */
public record SwitchOrder(
        String service,
        Destination destination,
        Until until,
        boolean force,
        boolean dryRun,
        Optional<Duration> watch,
        ExpectedRevision expectation,
        String who)
        implements ChangeOrder {

    public SwitchOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(watch, "watch");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(who, "who");
    }

    /** How far a switch has to be when it is answered. */
    public enum Until {
        /** When the old slot is drained. */
        DRAINED,
        /** When new requests go to the new slot; the drain goes on. */
        SWITCHED
    }
}
