package dev.turnout.deployment;

import java.time.Duration;

/** How long the old version goes on running after a deployment. */
public sealed interface KeepOld {

    /** Until Turnout's receipt says that nobody needs the old version. */
    record UntilReceipt() implements KeepOld {}

    /** Until the next deployment. */
    record UntilNext() implements KeepOld {}

    /** For a time after the receipt. */
    record For(Duration time) implements KeepOld {}
}
