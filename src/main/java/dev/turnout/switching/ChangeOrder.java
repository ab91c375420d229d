package dev.turnout.switching;

/** A change that somebody asks for. */
sealed interface ChangeOrder permits SwitchOrder, AdjustmentOrder, PauseOrder, MaintenanceOrder {

    /** Returns the name of the service to change. */
    String service();

    /** Returns the revision that the change may start from. */
    ExpectedRevision expectation();

    /** Returns who asks, and what the caller says about it. */
    ChangeNote note();
}
