package dev.turnout.switching;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The order to switch.
 *
 * @param service the name of the service
 * @param destination of the switch
 * @param until when the order is answered
 * @param force whether to skip the gate and to overwrite what others have changed
 * @param dryRun whether only to ask the gate and to change nothing
 * @param watch how long the new slot is watched after the flip, before the old slot is drained; empty for no watch
 * @param expectation the revision that the switch may start from
 * @param note who asks, and what the caller says about it
 */
public record SwitchOrder(
        String service,
        Destination destination,
        Until until,
        boolean force,
        boolean dryRun,
        Optional<Duration> watch,
        ExpectedRevision expectation,
        ChangeNote note)
        implements ChangeOrder {

    public SwitchOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(watch, "watch");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(note, "note");
    }

    /** Returns the name of the switch in status and journal. */
    String describe() {
        return destination.describe()
                + (dryRun ? ", dry run" : "")
                + (force ? ", forced" : "")
                + watch.map(time -> ", watched for " + time.toSeconds() + " s").orElse("");
    }

    /** The point at which an order is answered. */
    public enum Until {
        /** The old slot is drained. */
        DRAINED,
        /** New requests go to the new slot. The drain goes on. */
        SWITCHED
    }
}
