package dev.turnout.switching;

import dev.turnout.routing.Slot;
import java.time.Duration;

/**
 * A look at a watch that goes on.
 *
 * @param from the slot that served before
 * @param before what the old slot carried in the minutes before the switch
 * @param to the slot that is watched
 * @param after what the watched slot has carried since the switch
 * @param elapsed since the switch
 * @param left until the verdict
 */
record WatchProgress(Slot from, SlotTraffic before, Slot to, SlotTraffic after, Duration elapsed, Duration left) {}
