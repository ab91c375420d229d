package dev.turnout.switching;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Slot;
import java.time.Duration;

/**
 * The report of a watch.
 *
 * @param verdict of the watch
 * @param reason for the verdict, in words
 * @param took how long the watch lasted
 * @param flippedBack whether the old slot serves again
 * @param from the slot that served before
 * @param before what the old slot carried in the minutes before the switch
 * @param to the slot that was watched
 * @param after what the watched slot has carried since the switch
 * @param settled the latencies of the watched slot in the second half of the watch
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
    /** Returns this report with the old slot serving again. */
    WatchReport back() {
        return new WatchReport(verdict, reason, took, true, from, before, to, after, settled);
    }
}
