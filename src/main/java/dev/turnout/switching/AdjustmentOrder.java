package dev.turnout.switching;

import dev.turnout.switching.SwitchOrder.Until;
import java.util.Objects;

/**
 * The order to make an adjustment.
 *
 * @param service the name of the service
 * @param adjustment what to change
 * @param until when the order is answered
 * @param force whether to skip the gate and to overwrite what others have changed
 * @param dryRun whether only to ask the gate and to change nothing
 * @param expectation the revision that the adjustment may start from
 * @param note who asks, and what the caller says about it
 */
public record AdjustmentOrder(
        String service,
        Adjustment adjustment,
        Until until,
        boolean force,
        boolean dryRun,
        ExpectedRevision expectation,
        ChangeNote note)
        implements ChangeOrder {

    public AdjustmentOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(adjustment, "adjustment");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(note, "note");
    }

    /** Returns the name of the adjustment in status and journal. */
    String describe() {
        return adjustment.describe() + (dryRun ? ", dry run" : "") + (force ? ", forced" : "");
    }
}
