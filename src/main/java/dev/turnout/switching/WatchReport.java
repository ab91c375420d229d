package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Slot;
import java.time.Duration;

/**
 * What a watch has come to.
 *
 * @param verdict of it
 * @param reason for the verdict, in words
 * @param took how long it was watched
 * @param flippedBack whether the old slot serves again
 * @param from the slot that served before
 * @param before what that one carried in the minutes before the switch
 * @param to the slot that was watched
 * @param after what that one has carried since the switch
 * @param settled how long its answers took in the second half of the watch
 */
public record WatchReport(
        WatchVerdict verdict,
        String reason,
        Duration took,
        boolean flippedBack,
        Slot from,
        SlotTraffic before,
        Slot to,
        SlotTraffic after,
        Latencies settled) {

    WatchReport back() {
        return new WatchReport(verdict, reason, took, true, from, before, to, after, settled);
    }
}
