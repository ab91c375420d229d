package dev.turnout.switching;

import dev.turnout.switching.SwitchOrder.Until;
import java.util.Objects;

/**
 * An adjustment that somebody asks for.
 *
 * @param service whose
 * @param adjustment what to change
 * @param until when it is answered
 * @param force whether the gate is skipped and what others have changed is overwritten
 * @param expectation the revision that it may start from
 * @param who asks, in words for the journal
 */
public record AdjustmentOrder(
        String service, Adjustment adjustment, Until until, boolean force, ExpectedRevision expectation, String who)
        implements ChangeOrder {

    public AdjustmentOrder {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(adjustment, "adjustment");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(who, "who");
    }
}
